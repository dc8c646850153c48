package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.Exclusive;
import dev.meshlease.Pending;
import dev.meshlease.RequestException;
import dev.meshlease.SettingsEdit;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Edits of the settings where something goes wrong: the wire, the time, the others. */
class EditTroubleTest extends TwoHolders {
    private static final AdminMessage BEGIN =
            AdminMessage.newBuilder().setBeginEditSettings(true).build();

    @Test
    void the_links_own_commit_is_said_again_if_it_is_lost_on_the_way() {
        SettingsEdit edit = edit(one);
        edit.apply(named("Left open")).await(PATIENCE);
        node.inject(Fault.drop().to(Receiver.NODE).times(1));
        edit.close();
        Pending<SettingsEdit> next = two.exclusively(Exclusive.settings());

        next.await(PATIENCE.multipliedBy(2));
        assertThat(orders()).contains(PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThat(one.status().generation()).as("the node has restarted").isEqualTo(2);
    }

    @Test
    void and_nobody_waits_for_its_answer_for_ever() {
        SettingsEdit edit = edit(one);
        edit.apply(named("Left open")).await(PATIENCE);
        node.inject(Fault.drop().to(Receiver.NODE).times(2));
        edit.close();
        Instant before = environment.now();

        two.exclusively(Exclusive.settings()).await(Duration.ofSeconds(60));
        assertThat(Duration.between(before, environment.now())).isLessThan(Duration.ofSeconds(46));
    }

    @Test
    void a_question_to_the_node_itself_is_said_again_too() {
        node.inject(Fault.drop().to(Receiver.NODE).times(1));
        assertThat(one.request(Request.owner()).await(Duration.ofSeconds(6))).isNotNull();
    }

    @Test
    void a_turn_that_the_node_is_slow_to_begin_is_waited_for_no_longer_than_asked() {
        node.inject(Fault.silence().times(1).lasting(Duration.ofSeconds(20)));
        Instant before = environment.now();
        Pending<SettingsEdit> turn = one.exclusively(Exclusive.settings().within(Duration.ofSeconds(5)));

        assertThatThrownBy(() -> turn.await(PATIENCE)).isInstanceOf(RequestException.class);
        assertThat(Duration.between(before, environment.now())).isEqualTo(Duration.ofSeconds(5));
        // Whatever it came to is brought to its end.
        two.exclusively(Exclusive.settings().within(Duration.ofMinutes(2))).await(Duration.ofMinutes(3));
    }

    @Test
    void a_commit_needs_no_room_in_the_outbox() {
        SettingsEdit edit = edit(one);
        Delivery change = edit.apply(named("Full"));
        for (int i = 0; i < 70; i++) {
            one.send(text("word " + i));
        }

        edit.commit().await(Duration.ofMinutes(5)); // Behind the texts.
        change.await(PATIENCE);
        assertThat(orders())
                .containsExactly(
                        PayloadVariantCase.BEGIN_EDIT_SETTINGS,
                        PayloadVariantCase.SET_OWNER,
                        PayloadVariantCase.COMMIT_EDIT_SETTINGS);
    }

    @Test
    void what_is_no_administration_passes_a_change_that_waits_for_an_edit() {
        SettingsEdit edit = edit(one);
        Delivery waiting = two.send(order(named("Two")));
        Delivery text = two.send(text("hello").wantAck());

        text.await(PATIENCE);
        assertThat(waiting.isDone()).isFalse();
        edit.commit().await(PATIENCE);
        waiting.await(Duration.ofMinutes(2));
    }

    @Test
    void an_edit_is_not_begun_past_whoever_has_the_right() {
        assertThatThrownBy(() -> two.send(order(BEGIN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exclusively(Exclusive.settings())");
        assertThat(orders()).isEmpty();
    }

    @Test
    void not_even_by_who_sends_before_the_node_is_known() {
        one.close();
        two.close();
        environment.advance(Duration.ofSeconds(10));
        one = links.acquire(node.endpoint(), "one");
        Delivery early = one.send(
                OutboundMessage.of(PayloadType.ADMIN, BEGIN).to(node.id()).wantAck());

        assertThatThrownBy(() -> early.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        refused -> assertThat(refused.reason()).contains(DeliveryFailure.NOT_AUTHORIZED));
        assertThat(orders()).isEqualTo(List.of());
    }
}
