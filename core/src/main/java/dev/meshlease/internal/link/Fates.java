package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.proto.PortNum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What becomes of packets: the steps they take, up to the last, and whether anything is listened for after it. It knows the generation
 * in which that happens.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class Fates {
    private final Hearsay known;
    private long generation;

    /**
     * @param known what something may still be heard of; here packets are forgotten, once their fates are final
     */
    Fates(Hearsay known) {
        this.known = known;
    }

    void linkUp(NodeSnapshot node) {
        generation = node.generation();
    }

    void reached(Shipment shipment, DeliveryStage stage, Moment now) {
        shipment.step(stage, generation, now);
    }

    /** Fails a packet that was never written. One that its sender has taken back ends as that, without waiting to be told. */
    void refuse(Shipment shipment, DeliveryFailure why, Moment now) {
        fail(shipment, shipment.take() ? why : DeliveryFailure.CANCELLED, now);
    }

    void fail(Shipment shipment, DeliveryFailure why, Moment now) {
        shipment.step(DeliveryStage.FAILED, Optional.of(why), generation, now);
        shipment.end();
    }

    /** Its turn to be written has come, and it must not be. */
    void unwritable(Shipment shipment, DeliveryFailure why, Moment now) {
        if (shipment.mayBeOut()) {
            verdictMissing(shipment, now); // It was none of this when it was written first.
        } else {
            fail(shipment, why, now);
            known.forget(shipment);
        }
    }

    /**
     * The node has given its verdict.
     *
     * @param res what the queueStatus said
     * @return why it is to go again, if the node has refused it before doing anything with it
     */
    Optional<DeliveryFailure> decided(Shipment shipment, int res, Moment now) {
        if (Verdicts.isAccepted(res)) {
            accepted(shipment, now);
            return Optional.empty();
        }
        shipment.quote("res " + res);
        DeliveryFailure why = Verdicts.ofQueueStatus(res);
        if (Verdicts.isBeforeAnything(why)) {
            return Optional.of(why);
        }
        fail(shipment, why, now);
        if (!shipment.wantsAck()) {
            known.forget(shipment);
        }
        return Optional.empty();
    }

    /** A text is listened for a while: the node may say afterwards that it came too soon, and has to be sent again. */
    private void accepted(Shipment shipment, Moment now) {
        if (shipment.isReopened()) {
            shipment.settled();
        } else {
            reached(shipment, DeliveryStage.ACCEPTED, now);
        }
        if (!shipment.wantsAck() && !shipment.wantsReply()) {
            shipment.end();
            if (shipment.port() == PortNum.TEXT_MESSAGE_APP_VALUE) {
                known.listenOn(shipment, now);
            } else {
                known.forget(shipment);
            }
        }
    }

    /** No verdict on it will come any more, which ends it if that was all it waited for. */
    void verdictMissing(Shipment shipment, Moment now) {
        if (!shipment.wantsAck() && !shipment.wantsReply() && !shipment.hasEnded()) {
            reached(shipment, DeliveryStage.UNKNOWN, now);
            shipment.end();
            known.forget(shipment);
        }
    }

    void deadlinePassed(Shipment shipment, Moment now) {
        if (shipment.hasEnded() && !shipment.isReopened()) {
            return; // It is only listened for.
        }
        Optional<DeliveryFailure> refusal = shipment.refusal();
        if (shipment.stage() == DeliveryStage.QUEUED) {
            refuse(shipment, DeliveryFailure.DEADLINE, now);
        } else if (refusal.isPresent()) {
            fail(shipment, refusal.get(), now); // Even if it had ended as accepted: the node has thought better of it.
        } else if (!shipment.hasEnded()) {
            reached(shipment, DeliveryStage.UNKNOWN, now);
            shipment.end();
        }
    }

    /** With the link all is lost that the node had to say of it. */
    void unknown(Shipment shipment, Moment now) {
        shipment.step(DeliveryStage.UNKNOWN, Optional.of(DeliveryFailure.LINK_DOWN), generation, now);
        shipment.end();
    }

    /**
     * The link is lost.
     *
     * @param goesAgain what is to go again anyhow
     * @return what was written in this session without being heard of and goes again: in the order in which it was written
     */
    List<Shipment> cutOff(NodeSnapshot former, Predicate<Shipment> goesAgain, Moment now) {
        List<Shipment> cut = new ArrayList<>();
        for (Shipment shipment : withoutVerdict(goesAgain)) {
            if (!shipment.isForTheNodeItself(former)) {
                shipment.cutOff();
                cut.add(shipment);
            } else if (shipment.hasEnded()) {
                shipment.settled();
            } else {
                // A new session of the node remembers no ids: a command sent twice might run twice.
                unknown(shipment, now);
            }
        }
        return cut;
    }

    /** The one that is waited for and those given up before. */
    private List<Shipment> withoutVerdict(Predicate<Shipment> goesAgain) {
        return known.all().stream()
                .filter(Shipment::awaitsVerdict)
                .filter(goesAgain.negate())
                .sorted((one, other) -> Long.signum(one.writtenNanos() - other.writtenNanos()))
                .toList();
    }

    /** The link is closed for good. */
    void end(Moment now) {
        for (Shipment shipment : known.all()) {
            if (shipment.hasEnded() && !shipment.isReopened()) {
                continue;
            }
            Optional<DeliveryFailure> refusal = shipment.refusal();
            if (shipment.stage() == DeliveryStage.QUEUED) {
                refuse(shipment, DeliveryFailure.LINK_DOWN, now);
            } else if (refusal.isPresent()) {
                fail(shipment, refusal.get(), now);
            } else if (!shipment.hasEnded()) {
                unknown(shipment, now);
            }
        }
        known.clear();
    }
}
