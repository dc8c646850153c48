package dev.meshlease.message;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import java.time.Duration;
import java.util.Objects;

/**
 * A message to send: what, to whom, and how long it is worth sending. Each call gives a changed copy.
 *
 * <p>Without {@link #to} it goes to everybody; without {@link #onChannel} on the primary channel; without {@link #withHopLimit} with the
 * hop limit that the node is configured with. Whether a text fits one radio frame is checked when it is sent, since that depends on the
 * destination.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class OutboundMessage {
    /** How long a message is tried for if nothing else is said, time in the outbox included. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(5);

    /** The shortest deadline of a message that wants an ack: a node itself takes 21 s to give up. */
    public static final Duration MIN_ACK_DEADLINE = Duration.ofSeconds(25);

    private static final int MAX_CHANNEL = 7;
    private static final int MAX_HOPS = 7;

    private final MeshPacket packet;
    private final boolean ownHopLimit;
    private final Duration deadline;

    private OutboundMessage(MeshPacket packet, boolean ownHopLimit, Duration deadline) {
        if (packet.getWantAck() && deadline.compareTo(MIN_ACK_DEADLINE) < 0) {
            throw new IllegalArgumentException("A message that wants an ack needs a deadline of at least "
                    + MIN_ACK_DEADLINE + " (the node itself takes 21 s to give up), not " + deadline);
        }
        this.packet = packet;
        this.ownHopLimit = ownHopLimit;
        this.deadline = deadline;
    }

    /** A text to everybody on the primary channel. */
    public static OutboundMessage text(String text) {
        return of(PayloadType.TEXT, Objects.requireNonNull(text, "text"));
    }

    /** A payload of any type, to everybody on the primary channel. */
    public static <T> OutboundMessage of(PayloadType<T> type, T value) {
        Data.Builder data = Data.newBuilder()
                .setPortnumValue(type.port())
                .setPayload(type.encoder().apply(value));
        MeshPacket.Builder packet =
                MeshPacket.newBuilder().setTo(NodeId.BROADCAST.number()).setDecoded(data);
        return new OutboundMessage(packet.build(), false, DEFAULT_DEADLINE);
    }

    /**
     * A packet as it is, for what the other factories do not offer. Its {@code hop_limit} is taken as given.
     *
     * @param packet with id 0 the link chooses one; an id of its own must not be in use, see {@code Lease.send}
     */
    public static OutboundMessage of(MeshPacket packet) {
        Objects.requireNonNull(packet, "packet");
        return new OutboundMessage(packet, true, DEFAULT_DEADLINE);
    }

    /** To this node, or to {@link NodeId#BROADCAST}. */
    public OutboundMessage to(NodeId destination) {
        return with(packet.toBuilder().setTo(destination.number()));
    }

    /**
     * On this channel.
     *
     * @param index 0 (the primary) to 7
     */
    public OutboundMessage onChannel(int index) {
        requireRange("channel index", index, MAX_CHANNEL);
        return with(packet.toBuilder().setChannel(index));
    }

    /** Asks the mesh for an acknowledgement; {@link #wantsAck()} reads it. The deadline is at least {@link #MIN_ACK_DEADLINE}. */
    public OutboundMessage wantAck() {
        return with(packet.toBuilder().setWantAck(true));
    }

    /**
     * With this many hops instead of the node's configured number.
     *
     * @param hops 0 (neighbours only) to 7
     */
    public OutboundMessage withHopLimit(int hops) {
        requireRange("hop limit", hops, MAX_HOPS);
        return new OutboundMessage(packet.toBuilder().setHopLimit(hops).build(), true, deadline);
    }

    /**
     * With this urgency, among the packets of other leases as well as in the node's own queue. A lease's own packets stay in the order in
     * which they were sent. Default {@code DEFAULT}.
     *
     * @throws IllegalArgumentException if it is {@code UNSET} or not known
     */
    public OutboundMessage withPriority(MeshPacket.Priority urgency) {
        if (urgency == MeshPacket.Priority.UNSET || urgency == MeshPacket.Priority.UNRECOGNIZED) {
            throw new IllegalArgumentException("No urgency is " + urgency + "; take DEFAULT, which needs no call");
        }
        return with(packet.toBuilder().setPriority(urgency));
    }

    /** As an answer to this packet, which clients then show quoted. */
    public OutboundMessage inReplyTo(int packetId) {
        return with(
                packet.toBuilder().setDecoded(packet.getDecoded().toBuilder().setReplyId(packetId)));
    }

    /**
     * How long to try, time in the outbox included. Default {@link #DEFAULT_DEADLINE}.
     *
     * @throws IllegalArgumentException if not positive, or shorter than {@link #MIN_ACK_DEADLINE} when an ack is wanted
     */
    public OutboundMessage within(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A deadline must be positive, not " + deadline);
        }
        return new OutboundMessage(packet, ownHopLimit, deadline);
    }

    /** Whether an acknowledgement is asked for. */
    public boolean wantsAck() {
        return packet.getWantAck();
    }

    /** Whether the message has a hop limit of its own; if not, the link fills in the node's. */
    public boolean hasHopLimit() {
        return ownHopLimit;
    }

    /** How long to try. */
    public Duration deadline() {
        return deadline;
    }

    /** The packet as far as it is known before it is sent: id, sender and default hop limit are the link's to fill in. */
    public MeshPacket proto() {
        return packet;
    }

    /** One line without the payload, which may be private. */
    @Override
    public String toString() {
        return "OutboundMessage[port " + packet.getDecoded().getPortnumValue() + " to " + new NodeId(packet.getTo())
                + (wantsAck() ? ", ack wanted" : "") + ", within " + deadline + "]";
    }

    private OutboundMessage with(MeshPacket.Builder changed) {
        return new OutboundMessage(changed.build(), ownHopLimit, deadline);
    }

    private static void requireRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("The " + what + " goes from 0 to " + most + ", not " + value);
        }
    }
}
