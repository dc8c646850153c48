package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.Peer;
import dev.meshlease.testkit.internal.firmware.PeerValues;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A peer as tests hold it: every call becomes a task on the node's thread. */
final class PeerHandle implements SimulatedPeer {
    private static final int MOST_BETWEEN = 7;
    private static final double MOST_LATITUDE = 90;
    private static final double MOST_LONGITUDE = 180;

    private final Firmware firmware;
    private final Peer peer;
    private final Consumer<Runnable> onNode;

    /**
     * @param onNode runs a task on the node's thread, and waits for its end
     */
    PeerHandle(Firmware firmware, Peer peer, Consumer<Runnable> onNode) {
        this.firmware = firmware;
        this.peer = peer;
        this.onNode = onNode;
    }

    @Override
    public NodeId id() {
        return peer.id();
    }

    @Override
    public void says(String text) {
        sends(PayloadType.TEXT, text);
    }

    @Override
    public void tells(NodeId to, String text) {
        sends(to, PayloadType.TEXT, text);
    }

    @Override
    public <T> void sends(PayloadType<T> type, T value) {
        sends(NodeId.BROADCAST, type, value);
    }

    @Override
    public <T> void sends(NodeId to, PayloadType<T> type, T value) {
        Data data = Data.newBuilder()
                .setPortnumValue(type.port())
                .setPayload(type.encoder().apply(value))
                .build();
        onNode.accept(() -> firmware.air().peers().sends(peer, to.number(), data));
    }

    @Override
    public void introducesItself(String longName, String shortName) {
        onNode.accept(() -> firmware.air()
                .peers()
                .introduces(
                        peer,
                        peer.user().toBuilder()
                                .setLongName(longName)
                                .setShortName(shortName)
                                .build()));
    }

    @Override
    public void isAt(double latitude, double longitude) {
        if (!(Math.abs(latitude) <= MOST_LATITUDE && Math.abs(longitude) <= MOST_LONGITUDE)) {
            throw new IllegalArgumentException("There is no place at latitude " + latitude + ", longitude " + longitude
                    + ". Give degrees: -90 to 90, -180 to 180");
        }
        onNode.accept(() -> firmware.air().peers().moves(peer, PeerValues.position(latitude, longitude)));
    }

    @Override
    public void reports(Telemetry telemetry) {
        if (telemetry.getVariantCase() == Telemetry.VariantCase.VARIANT_NOT_SET) {
            throw new IllegalArgumentException("This telemetry has no values. Set one of its groups");
        }
        onNode.accept(() -> firmware.air().peers().reports(peer, telemetry));
    }

    @Override
    public void via(NodeId... between) {
        List<NodeId> nodes = List.of(between);
        if (nodes.size() > MOST_BETWEEN) {
            throw new IllegalArgumentException(
                    "A packet takes at most " + MOST_BETWEEN + " hops more, not " + nodes.size());
        }
        Set<NodeId> onTheWay = new HashSet<>(nodes);
        onTheWay.add(peer.id());
        onTheWay.add(firmware.id());
        if (onTheWay.size() < nodes.size() + 2 || onTheWay.contains(NodeId.BROADCAST)) {
            throw new IllegalArgumentException("The way from " + firmware.id() + " to " + peer.id() + " cannot be by "
                    + nodes + ". Name each node between once");
        }
        onNode.accept(() -> peer.via(nodes));
    }

    @Override
    public void answers(boolean answers) {
        onNode.accept(() -> peer.answers(answers));
    }

    @Override
    public void answersAfter(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("An answer cannot come " + delay + " after the question");
        }
        onNode.accept(() -> peer.answersAfter(delay));
    }

    @Override
    public String toString() {
        return "simulated peer " + peer.id();
    }
}
