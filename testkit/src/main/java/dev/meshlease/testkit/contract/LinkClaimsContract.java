package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One holder for each key, who is told at once when it is no longer the holder: what any store of claims must do. */
public abstract class LinkClaimsContract {
    private static final LinkKey ATTIC = key("attic");
    private static final LinkKey CELLAR = key("cellar");
    private static final LinkKey HALL = key("hall");
    private static final ClaimHolder BOT = holder("bot-host", 101, "echo");
    private static final ClaimHolder RIVAL = holder("rival-host", 202, "monitor");
    private static final int ROUNDS = 25;

    private ClaimsWorld world;
    private Asking asking;
    private LinkClaims bot;
    private LinkClaims rival;

    protected LinkClaimsContract() {}

    /** A new world for one test. */
    protected abstract ClaimsWorld newWorld();

    @BeforeEach
    void start() {
        world = newWorld();
        asking = new Asking(world);
        bot = world.join();
        rival = world.join();
    }

    @AfterEach
    void end() {
        world.close();
    }

    private static LinkKey key(String name) {
        return new LinkKey("contract", name);
    }

    private static ClaimHolder holder(String host, long pid, String lease) {
        return new ClaimHolder(host, pid, host + "-program", List.of(lease), Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void it_has_a_name_for_people() {
        assertThat(bot.name()).isNotBlank();
    }

    @Test
    void a_key_has_one_holder_and_who_asks_next_is_told_who_it_is() {
        asking.claim(bot, ATTIC, BOT);

        asking.isRefused(rival, ATTIC, RIVAL, BOT);
        asking.isRefused(rival, ATTIC, RIVAL, BOT);
    }

    @Test
    void other_keys_are_free() {
        asking.claim(bot, ATTIC, BOT);

        asking.claim(rival, CELLAR, RIVAL);
        asking.claim(rival, new LinkKey("other", ATTIC.address()), RIVAL);
    }

    @Test
    void a_program_that_asks_once_more_for_what_it_holds_is_refused_and_named_itself() {
        asking.claim(bot, ATTIC, BOT);

        asking.isRefused(bot, ATTIC, BOT, BOT);
    }

    @Test
    void who_holds_a_key_can_be_described_anew() {
        Claim claim = asking.claim(bot, ATTIC, BOT);
        ClaimHolder more =
                new ClaimHolder(BOT.host(), BOT.pid(), BOT.program(), List.of("echo", "a second lease"), BOT.since());

        claim.describe(more);

        ClaimAnswer answer = asking.ask(rival, ATTIC, RIVAL, new ToldListener());
        assertThat(answer).isInstanceOf(ClaimAnswer.Refused.class);
        ClaimHolder by = ((ClaimAnswer.Refused) answer).by();
        assertThat(by.pid()).isEqualTo(BOT.pid());
        assertThat(by.holders()).isIn(BOT.holders(), more.holders());
    }

    @Test
    void keys_that_overlap_with_anothers_are_refused_as_a_whole() {
        List<Claim> both = asking.claimAll(bot, BOT, CELLAR, HALL);
        assertThat(both).hasSize(2);

        assertThat(asking.claimAll(rival, RIVAL, CELLAR, ATTIC)).isEmpty();

        asking.answer(asking.claim(bot, ATTIC, BOT).release());
        both.forEach(claim -> asking.answer(claim.release()));
        assertThat(asking.claimAll(rival, RIVAL, CELLAR, ATTIC)).hasSize(2);
        asking.isRefused(bot, CELLAR, BOT, RIVAL);
        asking.claim(bot, HALL, BOT);
    }

    @Test
    void of_many_that_ask_at_once_exactly_one_wins() throws InterruptedException {
        List<LinkClaims> programs = List.of(bot, rival, world.join(), world.join());
        for (int round = 0; round < ROUNDS; round++) {
            List<ClaimAnswer> answers = asking.crowd(i -> programs.get(i % programs.size())
                    .claim(ATTIC, holder("host-" + i, i, "lease-" + i), new ToldListener()));

            List<Claim> winners = new ArrayList<>();
            for (ClaimAnswer each : answers) {
                if (each instanceof ClaimAnswer.Granted granted) {
                    winners.add(granted.claim());
                }
            }
            assertThat(winners).as("winners of round %d", round).hasSize(1);
            String winner = "host-"
                    + IntStream.range(0, Asking.CROWD)
                            .filter(i -> answers.get(i) instanceof ClaimAnswer.Granted)
                            .findFirst()
                            .orElseThrow();
            assertThat(answers)
                    .filteredOn(ClaimAnswer.Refused.class::isInstance)
                    .extracting(each -> ((ClaimAnswer.Refused) each).by().host())
                    .containsOnly(winner);
            asking.answer(winners.get(0).release());
        }
    }

    @Test
    void many_releases_at_once_free_it_once_for_one() throws InterruptedException {
        Claim claim = asking.claim(bot, ATTIC, BOT);

        List<ClaimAnswer> answers = asking.crowd(i -> {
            var released = claim.release();
            return released.thenCompose(
                    nothing -> rival.claim(ATTIC, holder("host-" + i, i, "lease"), new ToldListener()));
        });

        assertThat(answers).filteredOn(ClaimAnswer.Granted.class::isInstance).hasSize(1);
    }

    @Test
    void what_is_released_is_free_at_once() {
        for (int round = 0; round < ROUNDS; round++) {
            asking.answer(asking.claim(bot, ATTIC, BOT).release());
            asking.answer(asking.claim(rival, ATTIC, RIVAL).release());
        }
    }

    @Test
    void to_release_once_more_does_nothing_to_the_next_holder() {
        Claim former = asking.claim(bot, ATTIC, BOT);
        asking.answer(former.release());
        asking.claim(rival, ATTIC, RIVAL);

        asking.answer(former.release());
        former.describe(BOT);

        asking.isRefused(bot, ATTIC, BOT, RIVAL);
    }

    @Test
    void asking_does_not_wait_for_a_store_out_of_reach_and_grants_nothing() throws InterruptedException {
        asking.claim(bot, ATTIC, BOT);
        world.cut(bot);

        CompletableFuture<ClaimAnswer> asked = Asking.returned(() -> bot.claim(CELLAR, BOT, new ToldListener()))
                .toCompletableFuture();

        assertThat(asked.isDone() && !asked.isCompletedExceptionally())
                .as("answered without the store")
                .isFalse();
        world.mend(bot);
        world.eventually("answered or failed", asked::isDone);
        if (!asked.isCompletedExceptionally() && asked.join() instanceof ClaimAnswer.Granted late) {
            asking.answer(late.claim().release());
        }
        asking.claim(bot, CELLAR, BOT);
    }

    @Test
    void releasing_and_describing_do_not_wait_for_a_store_out_of_reach() throws InterruptedException {
        Claim claim = asking.claim(bot, ATTIC, BOT);
        world.cut(bot);

        CompletableFuture<Void> released = Asking.returned(() -> {
                    claim.describe(BOT);
                    return claim.release();
                })
                .toCompletableFuture();

        if (!released.isDone()) {
            asking.isRefused(rival, ATTIC, RIVAL, BOT);
        }
        world.mend(bot);
        asking.answer(released);
        asking.claim(rival, ATTIC, RIVAL);
    }

    @Test
    void a_holder_that_is_cut_off_is_told_keeps_the_key_and_is_told_when_it_is_sure_again() {
        var told = new ToldListener();
        asking.claim(bot, ATTIC, BOT, told);

        world.cut(bot);
        world.eventually("told of the doubt", () -> told.has("suspended"));
        assertThat(told.reasons()).doesNotContain("").hasSize(1);
        asking.isRefused(rival, ATTIC, RIVAL, BOT);
        assertThat(told.told()).containsExactly("suspended");

        world.mend(bot);
        world.eventually("told of the end of it", () -> told.has("restored"));
        asking.isRefused(rival, ATTIC, RIVAL, BOT);
        assertThat(told.told()).containsExactly("suspended", "restored");
    }

    @Test
    void nobody_else_is_told_of_it() {
        var others = new ToldListener();
        var told = new ToldListener();
        asking.claim(bot, ATTIC, BOT, told);
        asking.claim(rival, CELLAR, RIVAL, others);

        world.cut(bot);
        world.eventually("told of the doubt", () -> told.has("suspended"));
        world.lose(bot);
        world.eventually("told of the loss", () -> told.has("lost"));

        assertThat(others.told()).isEmpty();
        asking.isRefused(world.join(), CELLAR, BOT, RIVAL);
    }

    @Test
    void a_loss_is_told_before_another_may_have_it() {
        for (int round = 0; round < ROUNDS; round++) {
            var told = new ToldListener();
            asking.claim(bot, ATTIC, BOT, told);

            world.lose(bot);

            List<Claim> next = new ArrayList<>();
            world.eventually("free", () -> {
                if (asking.ask(rival, ATTIC, RIVAL, new ToldListener()) instanceof ClaimAnswer.Granted granted) {
                    assertThat(told.told()).as("told before it is granted").containsExactly("lost");
                    next.add(granted.claim());
                }
                return !next.isEmpty();
            });
            asking.answer(next.get(0).release());
        }
    }

    @Test
    void what_is_lost_stays_taken_until_the_connection_has_ended() {
        if (!world.waitsForTheEnd()) {
            return;
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        var told = new ToldListener(ended);
        asking.claim(bot, ATTIC, BOT, told);

        world.lose(bot);
        world.eventually("told of the loss", () -> told.has("lost"));
        asking.isRefused(rival, ATTIC, RIVAL, BOT);
        asking.isRefused(rival, ATTIC, RIVAL, BOT);

        ended.complete(null);
        world.eventually(
                "free", () -> asking.ask(rival, ATTIC, RIVAL, new ToldListener()) instanceof ClaimAnswer.Granted);
    }

    @Test
    void after_a_loss_nothing_more_is_told_and_a_late_release_harms_nobody() {
        var told = new ToldListener();
        Claim former = asking.claim(bot, ATTIC, BOT, told);
        world.lose(bot);
        world.eventually("told of the loss", () -> told.has("lost"));
        var next = new ToldListener();
        world.eventually("free", () -> asking.ask(rival, ATTIC, RIVAL, next) instanceof ClaimAnswer.Granted);

        asking.answer(former.release());
        asking.isRefused(bot, ATTIC, BOT, RIVAL);

        var barrier = new ToldListener();
        asking.claim(bot, CELLAR, BOT, barrier);
        trouble(barrier);
        assertThat(told.told()).containsExactly("lost");
        assertThat(next.told()).isEmpty();
    }

    @Test
    void after_a_release_nothing_more_is_told() {
        var told = new ToldListener();
        Claim former = asking.claim(bot, ATTIC, BOT, told);
        asking.answer(former.release());

        var barrier = new ToldListener();
        asking.claim(bot, ATTIC, BOT, barrier);
        trouble(barrier);

        assertThat(told.told()).isEmpty();
    }

    /** All that can happen to a claim of the bot, until its listener has heard all of it. */
    private void trouble(ToldListener listener) {
        world.cut(bot);
        world.eventually("told of the doubt", () -> listener.has("suspended"));
        world.mend(bot);
        world.eventually("told of the end of it", () -> listener.has("restored"));
        world.lose(bot);
        world.eventually("told of the loss", () -> listener.has("lost"));
    }

    @Test
    void what_a_program_still_holds_when_it_closes_its_store_is_lost_and_then_free() {
        var told = new ToldListener();
        asking.claim(bot, ATTIC, BOT, told);
        asking.claim(rival, CELLAR, RIVAL);

        bot.close();
        world.eventually(
                "free", () -> asking.ask(rival, ATTIC, RIVAL, new ToldListener()) instanceof ClaimAnswer.Granted);
        bot.close();

        assertThat(told.told()).containsExactly("lost");
        asking.isRefused(rival, CELLAR, BOT, RIVAL);
        asking.isRefused(rival, ATTIC, BOT, RIVAL);
    }

    @Test
    void who_has_closed_its_store_is_granted_nothing() {
        Claim claim = asking.claim(bot, ATTIC, BOT);
        asking.answer(claim.release());
        bot.close();

        CompletableFuture<ClaimAnswer> asked =
                bot.claim(ATTIC, BOT, new ToldListener()).toCompletableFuture();
        world.eventually("failed", asked::isDone);

        assertThatThrownBy(asked::join).isNotNull();
        asking.answer(claim.release());
        asking.claim(rival, ATTIC, RIVAL);
    }
}
