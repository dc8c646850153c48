package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;

/** What packets are like, whoever handles them. */
final class Packets {
    private static final int MAX_HOPS = 7;
    private static final int RSSI = -42;
    private static final int BROADCAST = NodeId.BROADCAST.number();
    /** Everybody, but not by radio. */
    private static final int BROADCAST_NOT_BY_RADIO = 1;

    private Packets() {}

    static boolean isForAll(int to) {
        return to == BROADCAST || to == BROADCAST_NOT_BY_RADIO;
    }

    static boolean isByRadio(int to) {
        return to != BROADCAST_NOT_BY_RADIO;
    }

    /** What a relay is known by on air: the low byte of its number. */
    static int lastByte(int number) {
        return number & 0xFF;
    }

    /** A number of hops as it fits on air. */
    static int hops(int wanted) {
        return wanted < 0 || wanted > MAX_HOPS ? MAX_HOPS : wanted;
    }

    static boolean tellsHopsUsed(MeshPacket packet) {
        return packet.getHopStart() > 0 && packet.getHopStart() >= packet.getHopLimit();
    }

    /** Only if it {@link #tellsHopsUsed}. */
    static int hopsUsed(MeshPacket packet) {
        return packet.getHopStart() - packet.getHopLimit();
    }

    /** A packet with what a radio knows of it that has heard it. */
    static MeshPacket.Builder heard(MeshPacket onAir, float snr, int epochSeconds) {
        return onAir.toBuilder()
                .clearPriority()
                .setRxTime(epochSeconds)
                .setRxSnr(snr)
                .setRxRssi(RSSI)
                .setTransportMechanism(MeshPacket.TransportMechanism.TRANSPORT_LORA);
    }

    /** Whether it was heard from its origin itself. */
    static boolean isFirstHand(MeshPacket packet) {
        return tellsHopsUsed(packet) && hopsUsed(packet) == 0;
    }

    /** Whether a node encrypts such a payload with the key of its destination rather than that of a channel. */
    static boolean isPrivate(Data data) {
        return switch (data.getPortnumValue()) {
            case PortNum.TRACEROUTE_APP_VALUE,
                    PortNum.NODEINFO_APP_VALUE,
                    PortNum.ROUTING_APP_VALUE,
                    PortNum.POSITION_APP_VALUE -> false;
            default -> true;
        };
    }

    /** How urgent it is, where its sender left that to the node. A client may have said any number. */
    static int priority(MeshPacket packet) {
        return packet.getPriorityValue() == MeshPacket.Priority.UNSET_VALUE
                ? usualPriority(packet).getNumber()
                : packet.getPriorityValue();
    }

    private static MeshPacket.Priority usualPriority(MeshPacket packet) {
        Data data = packet.getDecoded();
        return switch (data.getPortnumValue()) {
            case PortNum.ROUTING_APP_VALUE -> MeshPacket.Priority.ACK;
            case PortNum.ALERT_APP_VALUE -> MeshPacket.Priority.ALERT;
            case PortNum.TEXT_MESSAGE_APP_VALUE, PortNum.ADMIN_APP_VALUE -> MeshPacket.Priority.HIGH;
            default -> {
                if (data.getRequestId() != 0) {
                    yield MeshPacket.Priority.RESPONSE;
                }
                yield packet.getWantAck() || data.getWantResponse()
                        ? MeshPacket.Priority.RELIABLE
                        : MeshPacket.Priority.DEFAULT;
            }
        };
    }

    /** An ack, or the reason for a refusal. */
    static Data routing(int requestId, Routing.Error error) {
        return Data.newBuilder()
                .setPortnum(PortNum.ROUTING_APP)
                .setPayload(Routing.newBuilder().setErrorReason(error).build().toByteString())
                .setRequestId(requestId)
                .build();
    }
}
