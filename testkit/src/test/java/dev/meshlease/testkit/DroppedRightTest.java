package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Exclusive;
import dev.meshlease.Pending;
import dev.meshlease.RawExchange;
import dev.meshlease.SettingsEdit;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A holder that forgets to close what it has for itself. */
@Timeout(60)
class DroppedRightTest extends TwoHolders {
    /** In a method of its own, whose frame is gone when the garbage is collected. */
    private void dropsAnEdit() {
        edit(one).apply(named("Dropped")).await(PATIENCE);
    }

    private void dropsATransfer() {
        RawExchange unused = one.exclusively(Exclusive.xmodem()).await(PATIENCE);
    }

    private void collectGarbageUntil(Pending<?> turn) {
        int found = 0;
        while (!turn.isDone()) {
            if (found == 0) {
                System.gc();
                found = environment.giveBackDropped();
                Thread.onSpinWait();
            }
            environment.advance(Duration.ofMillis(100));
        }
    }

    @Test
    void of_an_edit_finds_it_committed_with_a_warning_and_others_go_on() {
        try (LogText log = new LogText()) {
            dropsAnEdit();
            Pending<SettingsEdit> next = two.exclusively(Exclusive.settings().within(Duration.ofDays(30)));
            collectGarbageUntil(next);

            assertThat(orders()).contains(PayloadVariantCase.COMMIT_EDIT_SETTINGS);
            assertThat(log.lines("WARN")).anyMatch(line -> line.contains("'one': an edit of the settings was dropped"));
        }
    }

    @Test
    void of_a_transfer_leaves_it_to_others() {
        dropsATransfer();
        collectGarbageUntil(two.exclusively(Exclusive.xmodem().within(Duration.ofDays(30))));
    }

    @Test
    void what_is_held_is_not_taken_away() {
        SettingsEdit edit = edit(one);
        Pending<SettingsEdit> next = two.exclusively(Exclusive.settings().within(Duration.ofDays(1)));
        for (int i = 0; i < 20; i++) {
            System.gc();
            assertThat(environment.giveBackDropped()).isZero();
            environment.advance(Duration.ofSeconds(1));
        }
        assertThat(next.isDone()).isFalse();
        edit.apply(named("Still here")).await(PATIENCE);
    }
}
