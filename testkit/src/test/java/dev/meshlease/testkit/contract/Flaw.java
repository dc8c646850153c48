package dev.meshlease.testkit.contract;

import java.util.List;

/** What can be wrong with a store, and which tests of the contract find it. */
enum Flaw {
    NONE,
    GRANTS_TO_TWO(
            "a_key_has_one_holder_and_who_asks_next_is_told_who_it_is",
            "of_many_that_ask_at_once_exactly_one_wins",
            "keys_that_overlap_with_anothers_are_refused_as_a_whole"),
    GRANTS_ONCE_MORE_TO_ITS_HOLDER("a_program_that_asks_once_more_for_what_it_holds_is_refused_and_named_itself"),
    NAMES_THE_WRONG_HOLDER("a_key_has_one_holder_and_who_asks_next_is_told_who_it_is"),
    FORGETS_WHO_IT_IS_WHEN_DESCRIBED("who_holds_a_key_can_be_described_anew"),
    HAS_ONE_LOCK_FOR_ALL_KEYS("other_keys_are_free"),
    FORGETS_THE_SCHEME_OF_KEYS("other_keys_are_free"),
    FREES_NOTHING("what_is_released_is_free_at_once"),
    NEVER_SAYS_THAT_IT_IS_FREE("what_is_released_is_free_at_once"),
    FREES_WHAT_A_LATER_HOLDER_HAS("to_release_once_more_does_nothing_to_the_next_holder"),
    TELLS_OF_A_LOSS_AFTER_A_RELEASE("after_a_release_nothing_more_is_told"),
    GRANTS_WHILE_OUT_OF_REACH("asking_does_not_wait_for_a_store_out_of_reach_and_grants_nothing"),
    HIDES_ITS_DOUBTS("a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again"),
    IS_SURE_AGAIN_WITHOUT_HAVING_DOUBTED(
            "a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again"),
    IS_NEVER_SURE_AGAIN("a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again"),
    DOUBTS_FOR_NO_REASON("a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again"),
    FREES_WHAT_IT_DOUBTS("a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again"),
    HIDES_A_LOSS("a_loss_is_told_before_another_may_have_it"),
    TELLS_OF_A_LOSS_TWICE("after_a_loss_nothing_more_is_told_and_a_late_release_harms_nobody"),
    FREES_BEFORE_THE_CONNECTION_HAS_ENDED("what_is_lost_stays_taken_until_the_connection_has_ended"),
    TELLS_EVERYBODY("nobody_else_is_told_of_it"),
    KEEPS_WHAT_A_CLOSED_PROGRAM_HELD("what_a_program_still_holds_when_it_closes_its_store_is_lost_and_then_free"),
    CLOSES_IN_SILENCE("what_a_program_still_holds_when_it_closes_its_store_is_lost_and_then_free"),
    GRANTS_AFTER_IT_WAS_CLOSED("who_has_closed_its_store_is_granted_nothing"),
    HAS_NO_NAME("it_has_a_name_for_people");

    /** Names of tests; each of them must fail. */
    final List<String> foundBy;

    Flaw(String... foundBy) {
        this.foundBy = List.of(foundBy);
    }
}
