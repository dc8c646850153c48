package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Another node as this one hears it: no firmware of its own, only what it says and answers. On the node's thread. */
public final class Peer {
    private static final int USUAL_HOPS = 3;

    private final NodeId id;
    private User user;
    private Position position;
    private final Map<Telemetry.VariantCase, Telemetry> telemetry = new EnumMap<>(Telemetry.VariantCase.class);
    private boolean answering = true;
    private @Nullable Duration answerDelay;
    private List<NodeId> via = List.of();
    private final Set<Integer> beingAnswered = new HashSet<>();

    Peer(NodeId id, User user) {
        this.id = id;
        this.user = user;
        position = PeerValues.position(id);
    }

    public NodeId id() {
        return id;
    }

    public User user() {
        return user;
    }

    public void user(User changed) {
        user = changed;
    }

    public Position position() {
        return position;
    }

    public void position(Position changed) {
        position = changed;
    }

    /** What it measures of a kind, or null if it measures nothing such. */
    @Nullable
    Telemetry telemetry(Telemetry.VariantCase kind) {
        return telemetry.computeIfAbsent(kind, unknown -> PeerValues.telemetry(id, kind));
    }

    public void telemetry(Telemetry changed) {
        telemetry.put(changed.getVariantCase(), changed);
    }

    public void answers(boolean answers) {
        answering = answers;
    }

    public void answersAfter(Duration delay) {
        answerDelay = delay;
    }

    /** The nodes between, the nearest one first. */
    public void via(List<NodeId> between) {
        via = List.copyOf(between);
    }

    List<NodeId> via() {
        return via;
    }

    boolean isAnswering() {
        return answering;
    }

    boolean isNeighbour() {
        return via.isEmpty();
    }

    /** From the end of the node's transmission to that of this one's answer, where one hop takes that long. */
    long answerNanos(long hopNanos) {
        return answerDelay == null ? hopNanos * (1 + via.size()) : answerDelay.toNanos();
    }

    /** How many hops its packets may take. */
    int hopStart() {
        return Math.max(USUAL_HOPS, via.size());
    }

    /** How many of them are left when the node hears one. */
    int hopLimit() {
        return hopStart() - via.size();
    }

    /** Who the node hears when this one speaks. */
    NodeId voice() {
        return via.isEmpty() ? id : via.get(0);
    }

    /** Takes a packet in hand; returns whether it was not in hand yet. */
    boolean takes(int packetId) {
        return beingAnswered.add(packetId);
    }

    void hasAnswered(int packetId) {
        beingAnswered.remove(packetId);
    }
}
