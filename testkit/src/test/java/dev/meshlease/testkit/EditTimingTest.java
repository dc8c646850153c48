package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Exclusive;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Pending;
import dev.meshlease.RequestException;
import dev.meshlease.SettingsEdit;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When edits of the settings begin and end, to the moment. */
class EditTimingTest extends TwoHolders {
    @Test
    void an_edit_that_is_about_to_begin_when_the_link_is_closed_is_not_left_open() {
        for (int millis = 0; millis < 8; millis++) {
            try (SimulatedNode other = SimulatedNode.builder().start(environment);
                    LinkRegistry others = environment.registry()) {
                Lease lease = others.acquire(other.endpoint(), "hasty");
                lease.ready().await(PATIENCE);
                var unused = lease.exclusively(Exclusive.settings());
                environment.advance(Duration.ofMillis(millis));
                others.close();
                List<PayloadVariantCase> orders =
                        other.received().stream().map(TwoHolders::kind).toList();
                assertThat(orders)
                        .as("closed after %d ms, %s", millis, environment)
                        .isIn(
                                List.of(),
                                List.of(
                                        PayloadVariantCase.BEGIN_EDIT_SETTINGS,
                                        PayloadVariantCase.COMMIT_EDIT_SETTINGS));
            }
        }
    }

    @Test
    void a_link_that_is_lost_and_back_before_the_restart_does_not_begin_the_next_edit() {
        edit(one).commit().await(PATIENCE);
        node.disconnectClient();
        Pending<SettingsEdit> next = two.exclusively(Exclusive.settings());
        environment.advance(Duration.ofSeconds(6));
        assertThat(two.status().isReady()).isTrue();
        assertThat(next.isDone()).isFalse();

        next.await(PATIENCE).commit().await(PATIENCE);
        assertThat(two.status().generation()).isEqualTo(3);
        assertThat(orders()).endsWith(PayloadVariantCase.BEGIN_EDIT_SETTINGS, PayloadVariantCase.COMMIT_EDIT_SETTINGS);
    }

    @Test
    void a_turn_waits_no_longer_than_it_was_told_even_behind_its_holders_own_words() {
        for (int i = 0; i < 60; i++) {
            one.send(text("text " + i));
        }
        Pending<SettingsEdit> late = one.exclusively(Exclusive.settings().within(Duration.ofSeconds(5)));
        Pending<SettingsEdit> next = two.exclusively(Exclusive.settings());
        assertThatThrownBy(() -> late.await(Duration.ofSeconds(6))).isInstanceOf(RequestException.class);
        next.await(Duration.ofSeconds(1)).close();
        assertThat(orders()).first().isEqualTo(PayloadVariantCase.BEGIN_EDIT_SETTINGS);
    }

    @Test
    void an_edit_left_open_is_committed_ahead_of_its_holders_own_words() {
        SettingsEdit edit = edit(one);
        for (int i = 0; i < 60; i++) {
            one.send(text("text " + i));
        }
        edit.close();
        environment.advance(Duration.ofSeconds(3));
        assertThat(orders())
                .containsExactly(PayloadVariantCase.BEGIN_EDIT_SETTINGS, PayloadVariantCase.COMMIT_EDIT_SETTINGS);
    }
}
