package dev.meshlease.message;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.Objects;
import java.util.Optional;

/**
 * A packet as the node handed it over. One instance is shared by all leases of a link.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param wire the packet, parsed when its {@link #proto} is first asked for
 * @param reception how it came in
 */
public record InboundPacket(WirePacket wire, Reception reception) implements Arrival {
    /** The port of a packet that the node could not decrypt. */
    public static final int PORT_ENCRYPTED = -1;

    public InboundPacket {
        Objects.requireNonNull(wire, "wire");
        Objects.requireNonNull(reception, "reception");
    }

    /** A packet that is there as a message. */
    public InboundPacket(MeshPacket proto, Reception reception) {
        this(WirePacket.of(proto), reception);
    }

    /** The packet, with all that the wire had, unknown fields included. */
    public MeshPacket proto() {
        return wire.proto();
    }

    /** Who sent it. */
    public NodeId from() {
        return new NodeId(wire.from());
    }

    /** Whom it is for; {@link NodeId#BROADCAST} for everybody. */
    public NodeId to() {
        return new NodeId(wire.to());
    }

    /** The sender's id for it; unique per sender for a while. */
    public int id() {
        return wire.id();
    }

    /** The index of the channel it came on. */
    public int channel() {
        return wire.channel();
    }

    /** Whether it is for one node rather than for everybody. */
    public boolean isDirect() {
        return wire.to() != NodeId.BROADCAST.number();
    }

    @Override
    public Cursor cursor() {
        return reception.cursor();
    }

    /** The port number of its payload, or {@link #PORT_ENCRYPTED}. An {@code int}, since private ports have no name. */
    public int port() {
        return wire.port();
    }

    /** The id of the packet that this one answers (an ack, a nak, a reply to a request), or 0. */
    public int requestId() {
        return wire.requestId();
    }

    /**
     * The text of a text message.
     *
     * @throws IllegalStateException if it is no text message; ask {@link PacketFilter#texts()} first
     */
    public String text() {
        if (port() != PortNum.TEXT_MESSAGE_APP_VALUE) {
            throw new IllegalStateException("No text message but a packet on port " + wire.portName()
                    + ". Filter with texts(), or ask port() first.");
        }
        return proto().getDecoded().getPayload().toStringUtf8();
    }

    /**
     * The payload as a type.
     *
     * @param type which type is expected
     * @return empty if the packet is on another port, or its payload does not parse
     */
    public <T> Optional<T> as(PayloadType<T> type) {
        if (port() != type.port()) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.decoder().decode(proto().getDecoded().getPayload()));
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
    }

    /**
     * A text in answer: to the sender if this packet was direct, else to everybody on its channel. It quotes this packet's id.
     *
     * @param text what to say
     */
    public OutboundMessage reply(String text) {
        OutboundMessage answer = OutboundMessage.text(text).onChannel(channel()).inReplyTo(id());
        return isDirect() ? answer.to(from()) : answer;
    }

    /** One line without the payload, which may be private: {@code TEXT_MESSAGE_APP !a -> !b ch 0 id 1f}. */
    @Override
    public String toString() {
        return wire.toString();
    }
}
