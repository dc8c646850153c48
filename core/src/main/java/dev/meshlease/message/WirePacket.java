package dev.meshlease.message;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.internal.frame.PacketPeek;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mesh packet whose header can be read at once, and that is parsed when somebody asks for the {@linkplain #proto whole} first; once for
 * all, or twice if two ask at the same moment. On a busy link most packets are for nobody, and are never parsed.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class WirePacket {
    private static final byte[] NONE = {};

    private final byte[] bytes; // None if it was never on the wire, and is there as a message from the start.
    private volatile @Nullable MeshPacket proto;
    private final int size;
    private final int from;
    private final int to;
    private final int id;
    private final int channel;
    private final int rxTime;
    private final float rxSnr;
    private final int hopLimit;
    private final int hopStart;
    private final boolean viaMqtt;
    private final int port;
    private final int requestId;
    private final int replyId;

    private WirePacket(byte[] bytes, PacketPeek header) {
        this.bytes = bytes;
        size = bytes.length;
        from = header.from();
        to = header.to();
        id = header.id();
        channel = header.channel();
        rxTime = header.rxTime();
        rxSnr = header.rxSnr();
        hopLimit = header.hopLimit();
        hopStart = header.hopStart();
        viaMqtt = header.isViaMqtt();
        port = header.port();
        requestId = header.requestId();
        replyId = header.replyId();
    }

    private WirePacket(MeshPacket packet) {
        bytes = NONE;
        proto = packet;
        Data data = packet.getDecoded();
        size = packet.getSerializedSize();
        from = packet.getFrom();
        to = packet.getTo();
        id = packet.getId();
        channel = packet.getChannel();
        rxTime = packet.getRxTime();
        rxSnr = packet.getRxSnr();
        hopLimit = packet.getHopLimit();
        hopStart = packet.getHopStart();
        viaMqtt = packet.getViaMqtt();
        port = packet.hasDecoded() ? data.getPortnumValue() : InboundPacket.PORT_ENCRYPTED;
        requestId = data.getRequestId();
        replyId = data.getReplyId();
    }

    /** A packet that is there as a message. */
    public static WirePacket of(MeshPacket packet) {
        return new WirePacket(Objects.requireNonNull(packet, "packet"));
    }

    /**
     * Reads packets that are there as bytes.
     *
     * <p><b>Threading:</b> confined to one thread at a time.
     */
    public static final class Reader {
        private final PacketPeek header = new PacketPeek();

        /** A reader, good for any number of packets. */
        public Reader() {}

        /**
         * Reads one, of which the packet has a copy.
         *
         * @param array has the packet, as a MeshPacket, from {@code offset} on
         * @param length how many bytes it has
         * @return empty if it does not parse, or is so unusual that only its parse can tell
         */
        public Optional<WirePacket> read(byte[] array, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, array.length);
            return header.read(array, offset, length)
                    ? Optional.of(new WirePacket(Arrays.copyOfRange(array, offset, offset + length), header))
                    : Optional.empty();
        }
    }

    /** The packet, with all that the wire had, unknown fields included. */
    public MeshPacket proto() {
        MeshPacket known = proto;
        if (known == null) {
            try {
                known = MeshPacket.parseFrom(bytes);
            } catch (InvalidProtocolBufferException impossible) {
                throw new IllegalStateException("A packet that was vouched for does not parse", impossible);
            }
            proto = known;
        }
        return known;
    }

    /** How many bytes it has on the wire. */
    public int size() {
        return size;
    }

    /** The sender's node number, {@code from}. */
    public int from() {
        return from;
    }

    /** The destination's node number, {@code to}. */
    public int to() {
        return to;
    }

    /** The sender's id for it, {@code id}. */
    public int id() {
        return id;
    }

    /** The index of its channel, {@code channel}. */
    public int channel() {
        return channel;
    }

    /** When the node heard it, {@code rx_time}, in seconds since 1970, unsigned, or 0 if the node does not know. */
    public int rxTime() {
        return rxTime;
    }

    /** How well the node heard it, {@code rx_snr}, in dB, or 0 if it does not say. */
    public float rxSnr() {
        return rxSnr;
    }

    /** How many hops it has left, {@code hop_limit}. */
    public int hopLimit() {
        return hopLimit;
    }

    /** How many hops it had at first, {@code hop_start}, or 0 if that is not known. */
    public int hopStart() {
        return hopStart;
    }

    /** Whether it crossed an MQTT broker, {@code via_mqtt}. */
    public boolean isViaMqtt() {
        return viaMqtt;
    }

    /** The port number of its payload, {@code decoded.portnum}, or {@link InboundPacket#PORT_ENCRYPTED}. */
    public int port() {
        return port;
    }

    /** The id of what it answers, {@code decoded.request_id}, or 0. */
    public int requestId() {
        return requestId;
    }

    /** The id of the text it replies to, {@code decoded.reply_id}, or 0. */
    public int replyId() {
        return replyId;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof WirePacket packet && proto().equals(packet.proto()));
    }

    @Override
    public int hashCode() {
        return proto().hashCode();
    }

    /** One line without the payload, which may be private: {@code TEXT_MESSAGE_APP !a -> !b ch 0 id 1f}. */
    @Override
    public String toString() {
        return portName() + " " + new NodeId(from) + " -> " + new NodeId(to) + " ch " + channel + " id "
                + Integer.toHexString(id);
    }

    String portName() {
        if (port == InboundPacket.PORT_ENCRYPTED) {
            return "encrypted";
        }
        PortNum known = PortNum.forNumber(port);
        return known == null ? Integer.toString(port) : known.name();
    }
}
