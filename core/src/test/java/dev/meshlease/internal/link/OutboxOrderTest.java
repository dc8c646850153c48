package dev.meshlease.internal.link;

import static dev.meshlease.DeliveryStage.FAILED;
import static dev.meshlease.DeliveryStage.QUEUED;
import static dev.meshlease.DeliveryStage.UNKNOWN;
import static dev.meshlease.DeliveryStage.WRITTEN;
import static dev.meshlease.internal.link.Parcel.PRIVATE;
import static dev.meshlease.internal.link.Parcel.TEXT;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.proto.PortNum;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose turn it is, and when; and what ends in the queue. */
class OutboxOrderTest {
    private final EngineRig rig = new EngineRig();

    @Test
    void what_its_sender_took_back_ends_with_the_link_even_if_nobody_is_told_any_more() {
        var parcel = rig.send(1, plan());
        assertThat(parcel.take()).isTrue();

        rig.close();
        assertThat(parcel.ends).isOne();

        rig.engine.cancelled(parcel, rig.now());
        assertThat(parcel.ends).isOne();
    }

    @Test
    void one_packet_at_a_time_is_without_verdict() {
        rig.ready();
        var parcels = List.of(rig.send(1, plan()), rig.send(1, plan()), rig.send(2, plan()));
        for (int i = 0; i < 3; i++) {
            assertThat(rig.sent()).hasSize(i + 1);
            accept(rig.sentIds().get(i));
        }
        assertThat(parcels).allMatch(parcel -> parcel.ends == 1);
    }

    @Test
    void leases_take_turns_and_each_keeps_its_order() {
        var one = List.of(rig.send(1, plan()), rig.send(1, plan()), rig.send(1, plan()));
        var two = List.of(rig.send(2, plan()), rig.send(2, plan()));
        var three = List.of(rig.send(3, plan()));
        rig.ready();
        acceptAll(6);
        assertThat(rig.sentIds())
                .containsExactly(
                        one.get(0).id(),
                        two.get(0).id(),
                        three.get(0).id(),
                        one.get(1).id(),
                        two.get(1).id(),
                        one.get(2).id());
    }

    @Test
    void a_lease_that_waits_for_its_pace_holds_up_only_itself() {
        rig.ready();
        accept(rig.send(1, Plan.broadcast(TEXT)).id());
        var paced = rig.send(1, Plan.broadcast(TEXT));
        var behindIt = rig.send(1, plan());
        var other = rig.send(2, plan());
        accept(other.id());
        assertThat(rig.sentIds()).endsWith(other.id());
        rig.passSeconds(2);
        accept(paced.id());
        assertThat(rig.sentIds()).endsWith(paced.id(), behindIt.id());
    }

    @ParameterizedTest
    @CsvSource({
        "TEXT_MESSAGE_APP, 2",
        "POSITION_APP, 10",
        "TELEMETRY_APP, 10",
        "WAYPOINT_APP, 10",
        "ALERT_APP, 10",
        "TRACEROUTE_APP, 30"
    })
    void the_pace_counts_from_the_verdict_on_the_packet_before(PortNum port, int seconds) {
        rig.ready();
        var first = rig.send(Plan.broadcast(port.getNumber()));
        var second = rig.send(Plan.broadcast(port.getNumber()));
        rig.passSeconds(1.5);
        accept(first.id());
        keepAlive(seconds - 0.001);
        assertThat(second.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(second.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void without_a_verdict_it_counts_from_the_first_sign_that_the_node_reads() {
        rig.ready();
        rig.send(Plan.broadcast(TEXT));
        var second = rig.send(Plan.broadcast(TEXT));
        rig.passSeconds(13).say(queueStatus(0, 0)).passSeconds(1.999);
        assertThat(second.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(second.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void one_that_comes_after_the_deadline_counts_too() {
        rig.ready();
        var first = rig.send(rig.parcel(1, Plan.broadcast(TEXT), Duration.ofSeconds(1)));
        var second = rig.send(Plan.broadcast(TEXT));
        rig.passSeconds(4);
        assertThat(first.stages()).endsWith(UNKNOWN);
        accept(first.id());
        rig.passSeconds(1.999);
        assertThat(second.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(second.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void across_a_link_loss_it_counts_from_that() {
        rig.ready();
        rig.send(Plan.broadcast(TEXT).to(OWN)); // which does not go again
        var second = rig.send(Plan.broadcast(TEXT));
        rig.passSeconds(4).closed(Loss.Kind.RESET).passSeconds(1).opened().shakeHands(EngineRig.FIRMWARE);
        rig.passSeconds(0.999);
        assertThat(second.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(second.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void the_pace_is_kept_across_a_reconnect_and_is_the_links_not_the_leases() {
        rig.ready();
        accept(rig.send(1, Plan.broadcast(PortNum.TRACEROUTE_APP_VALUE)).id());
        rig.reconnect();
        var second = rig.send(2, Plan.broadcast(PortNum.TRACEROUTE_APP_VALUE));
        rig.passSeconds(28.999);
        assertThat(second.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(second.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void other_ports_have_no_pace() {
        rig.ready();
        for (int i = 0; i < 20; i++) {
            rig.send(plan());
        }
        acceptAll(20);
        assertThat(rig.sent()).hasSize(20);
    }

    // ---- ends in the queue

    @Test
    void the_sixty_fifth_packet_of_a_lease_is_refused() {
        var parcels = new ArrayList<Parcel>();
        for (int i = 0; i < 65; i++) {
            parcels.add(rig.send(1, plan()));
        }
        var last = parcels.remove(64);
        assertThat(last.stages()).endsWith(FAILED);
        assertThat(last.failure()).contains(DeliveryFailure.OUTBOX_FULL);
        assertThat(last.ends).isOne();
        assertThat(parcels).allMatch(parcel -> parcel.stages().equals(List.of(QUEUED)));
        assertThat(rig.send(2, plan()).stages()).containsExactly(QUEUED);
    }

    @Test
    void a_deadline_in_the_queue_means_never_sent() {
        var parcel = rig.send(rig.parcel(1, plan(), Duration.ofSeconds(10)));
        rig.passSeconds(9.999);
        assertThat(parcel.ends).isZero();
        rig.passSeconds(0.001);
        assertThat(parcel.stages()).containsExactly(QUEUED, FAILED);
        assertThat(parcel.failure()).contains(DeliveryFailure.DEADLINE);
        rig.ready();
        assertThat(rig.sent()).isEmpty();
        assertThat(parcel.ends).isOne();
    }

    @Test
    void deadlines_pass_in_their_own_order() {
        var late = rig.send(rig.parcel(1, plan(), Duration.ofDays(365)));
        var soon = rig.send(rig.parcel(1, plan(), Duration.ofSeconds(5)));
        var sooner = rig.send(rig.parcel(2, plan(), Duration.ofSeconds(1)));
        rig.passSeconds(1);
        assertThat(sooner.ends).isOne();
        assertThat(soon.ends).isZero();
        rig.passSeconds(60);
        assertThat(soon.ends).isOne();
        assertThat(late.ends).isZero();
    }

    @Test
    void a_deadline_after_the_writing_means_that_nobody_knows() {
        rig.ready();
        var parcel = rig.send(rig.parcel(1, plan(), Duration.ofSeconds(3)));
        var next = rig.send(plan());
        rig.passSeconds(3);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(parcel.failure()).isEmpty();
        assertThat(parcel.ends).isOne();
        assertThat(rig.sentIds()).as("the node may not read").containsExactly(parcel.id());
        accept(parcel.id());
        assertThat(rig.sentIds()).containsExactly(parcel.id(), next.id());
    }

    @Test
    void a_packet_whose_deadline_is_over_already_is_not_sent_late() {
        var parcel = rig.send(rig.parcel(1, plan(), Duration.ofSeconds(-1)));
        rig.tick(0);
        assertThat(parcel.failure()).contains(DeliveryFailure.DEADLINE);
    }

    @Test
    void a_packet_taken_back_in_time_is_never_sent() {
        var parcel = rig.send(plan());
        assertThat(parcel.take()).isTrue();
        rig.engine.cancelled(parcel, rig.now());
        rig.ready();
        assertThat(parcel.stages()).containsExactly(QUEUED, FAILED);
        assertThat(parcel.failure()).contains(DeliveryFailure.CANCELLED);
        assertThat(parcel.ends).isOne();
        assertThat(rig.sent()).isEmpty();
    }

    @Test
    void a_packet_that_was_written_cannot_be_taken_back() {
        rig.ready();
        assertThat(rig.send(plan()).take()).isFalse();
    }

    /** The sender's word and its news to the loop are two moments; what the loop does in between must not count. */
    @Test
    void a_packet_taken_back_but_not_yet_told_holds_up_nobody() {
        var taken = rig.send(1, plan());
        var behindIt = rig.send(1, plan());
        var stillQueued = rig.parcel(1, plan(), Duration.ofSeconds(1));
        rig.send(stillQueued);
        assertThat(taken.take()).isTrue();
        assertThat(stillQueued.take()).isTrue();
        rig.ready();
        assertThat(rig.sentIds()).containsExactly(behindIt.id());
        rig.passSeconds(2);
        rig.engine.leaseClosed(1, rig.now());
        rig.close().closed(Loss.Kind.CLOSED);

        // The news may never come: a loop that has ended takes none. So it is over without.
        assertThat(List.of(taken.ends, stillQueued.ends)).containsOnly(1);
        rig.engine.cancelled(taken, rig.now());
        rig.engine.cancelled(stillQueued, rig.now());
        assertThat(taken.failure()).contains(DeliveryFailure.CANCELLED);
        assertThat(taken.ends).isOne();
        assertThat(stillQueued.ends).isOne();
    }

    @Test
    void what_a_closed_lease_had_queued_goes_with_it_and_nothing_else() {
        rig.ready();
        var written = rig.send(1, plan());
        var queued = rig.send(1, plan());
        var others = rig.send(2, plan());
        rig.engine.leaseClosed(1, rig.now());
        assertThat(queued.failure()).contains(DeliveryFailure.LEASE_CLOSED);
        assertThat(queued.ends).isOne();
        assertThat(written.ends).isZero();
        accept(written.id());
        assertThat(written.ends).isOne();
        assertThat(rig.sentIds()).containsExactly(written.id(), others.id());
    }

    @Test
    void what_may_not_wait_is_refused_while_the_link_is_down_and_taken_while_it_is_up() {
        var refused = rig.parcel(1, plan(), Duration.ofMinutes(1));
        rig.engine.submit(refused, false, rig.now());
        assertThat(refused.failure()).contains(DeliveryFailure.LINK_DOWN);
        assertThat(refused.ends).isOne();
        rig.ready();
        var taken = rig.parcel(1, plan(), Duration.ofMinutes(1));
        rig.engine.submit(taken, false, rig.now());
        assertThat(rig.sentIds()).containsExactly(taken.id());
    }

    @Test
    void the_end_ends_everything_exactly_once() {
        rig.ready();
        var acked = rig.send(1, plan().to(ScriptedNode.PEER).wantAck());
        accept(acked.id());
        var written = rig.send(1, plan());
        var queued = rig.send(2, plan());
        var done = List.of(acked, written, queued);
        rig.close().passSeconds(2);
        rig.closed(Loss.Kind.CLOSED).close().passSeconds(1000);
        assertThat(done).allMatch(parcel -> parcel.ends == 1);
        assertThat(acked.stages()).endsWith(UNKNOWN);
        assertThat(written.stages()).endsWith(UNKNOWN);
        assertThat(queued.stages()).endsWith(FAILED);
        assertThat(done).allMatch(parcel -> parcel.failure().equals(java.util.Optional.of(DeliveryFailure.LINK_DOWN)));
    }

    /** Also keeps what is not its business, a long wait, from ending the session. */
    private void keepAlive(double seconds) {
        for (double left = seconds; left > 0; left -= 5) {
            rig.passSeconds(Math.min(5, left)).say(queueStatus(0, 0));
        }
    }

    private void accept(int id) {
        rig.say(queueStatus(id, 0));
    }

    private void acceptAll(int count) {
        for (int i = 0; i < count; i++) {
            accept(rig.sentIds().get(i));
        }
    }

    private static Plan plan() {
        return Plan.broadcast(PRIVATE);
    }
}
