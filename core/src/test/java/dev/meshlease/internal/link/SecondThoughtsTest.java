package dev.meshlease.internal.link;

import static dev.meshlease.DeliveryStage.ACCEPTED;
import static dev.meshlease.DeliveryStage.FAILED;
import static dev.meshlease.internal.link.Parcel.TEXT;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.routing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.proto.Routing;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that accepts a text, thinks better of it, and is sent it again under another id. */
class SecondThoughtsTest {
    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void ready() {
        rig.ready();
    }

    private int lastId() {
        return rig.sentIds().get(rig.sentIds().size() - 1);
    }

    private Parcel reopened(Plan plan, Duration within) {
        var parcel = rig.send(rig.parcel(1, plan, within));
        rig.say(queueStatus(parcel.id(), 0), routing(OWN, parcel.id(), Routing.Error.RATE_LIMIT_EXCEEDED));
        rig.passSeconds(2);
        assertThat(rig.sent()).hasSize(2);
        return parcel;
    }

    private static Plan wantingAck() {
        return Plan.broadcast(TEXT).to(PEER).wantAck();
    }

    private void assertSentNoMoreAfterLosses(Parcel parcel) {
        assertThat(parcel.ends).isOne();
        int before = rig.sent().size();
        for (int i = 0; i < 5; i++) {
            rig.reconnect().passSeconds(10);
        }
        assertThat(rig.sent()).hasSize(before);
    }

    @Test
    void one_that_fails_then_does_not_go_again() {
        var parcel = reopened(wantingAck(), Duration.ofMinutes(5));
        rig.say(queueStatus(lastId(), Routing.Error.DUTY_CYCLE_LIMIT_VALUE));
        assertSentNoMoreAfterLosses(parcel);
    }

    @Test
    void nor_does_one_that_nobody_hears() {
        var parcel = reopened(wantingAck(), Duration.ofMinutes(5));
        rig.say(routing(OWN, lastId(), Routing.Error.MAX_RETRANSMIT));
        assertSentNoMoreAfterLosses(parcel);
    }

    @Test
    void nor_does_one_that_is_acknowledged_before_its_second_verdict() {
        var parcel = reopened(wantingAck(), Duration.ofMinutes(5));
        rig.say(routing(PEER, lastId(), Routing.Error.NONE));
        assertSentNoMoreAfterLosses(parcel);
    }

    @Test
    void nor_does_one_whose_deadline_passes() {
        var parcel = reopened(wantingAck(), Duration.ofSeconds(60));
        for (int i = 0; i < 14; i++) {
            rig.passSeconds(5).say(queueStatus(0, 0, 9));
        }
        assertSentNoMoreAfterLosses(parcel);
    }

    @Test
    void one_that_is_cut_off_from_its_second_verdict_does() {
        reopened(wantingAck(), Duration.ofMinutes(5));
        rig.reconnect().passSeconds(10);
        assertThat(rig.sent().size()).isGreaterThan(2);
    }

    @Test
    void one_that_finds_the_queue_full_then_goes_a_third_time() {
        var parcel = reopened(Plan.broadcast(TEXT), Duration.ofMinutes(5));
        rig.say(queueStatus(lastId(), 32, 0))
                .passSeconds(1)
                .say(queueStatus(0, 0, 9))
                .passSeconds(3);
        rig.say(queueStatus(lastId(), 0));
        assertThat(rig.sent()).hasSize(3);
        assertThat(parcel.stages()).endsWith(ACCEPTED);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void it_is_listened_for_thirty_seconds_after_the_last_acceptance() {
        var parcel = rig.send(Plan.broadcast(TEXT));
        rig.say(queueStatus(parcel.id(), 0));
        for (int i = 0; i < 9; i++) {
            rig.passSeconds(1.2).say(routing(OWN, lastId(), Routing.Error.RATE_LIMIT_EXCEEDED));
            rig.passSeconds(2.1).say(queueStatus(lastId(), 0));
        }
        int before = rig.sent().size();
        rig.passSeconds(1.2).say(routing(OWN, lastId(), Routing.Error.RATE_LIMIT_EXCEEDED));
        rig.passSeconds(5);
        assertThat(rig.sent()).hasSize(before + 1);
    }

    @Test
    void a_link_that_closes_before_it_could_go_again_tells_that_it_failed() {
        var parcel = rig.send(Plan.broadcast(TEXT));
        rig.say(queueStatus(parcel.id(), 0), routing(OWN, parcel.id(), Routing.Error.RATE_LIMIT_EXCEEDED));
        rig.close().closed(Loss.Kind.CLOSED);
        assertThat(parcel.stages()).endsWith(ACCEPTED, FAILED);
        assertThat(parcel.ends).isOne();
    }
}
