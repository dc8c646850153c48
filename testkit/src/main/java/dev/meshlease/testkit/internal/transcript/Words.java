package dev.meshlease.testkit.internal.transcript;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.ToRadio;
import java.util.Locale;

/**
 * Messages in a few words, for a person. Never what is in a configuration or a channel: there are keys and passwords among it.
 */
public final class Words {
    private static final int LONGEST_TEXT = 60;

    private Words() {}

    static String of(ToRadio message) {
        return switch (message.getPayloadVariantCase()) {
            case PACKET -> of(message.getPacket());
            case WANT_CONFIG_ID -> "want_config_id " + Integer.toUnsignedString(message.getWantConfigId());
            case HEARTBEAT ->
                "heartbeat " + Integer.toUnsignedString(message.getHeartbeat().getNonce());
            case DISCONNECT -> "disconnect";
            case PAYLOADVARIANT_NOT_SET -> "nothing";
            default -> message.getPayloadVariantCase().name().toLowerCase(Locale.ROOT);
        };
    }

    static String of(FromRadio message) {
        return switch (message.getPayloadVariantCase()) {
            case PACKET -> of(message.getPacket());
            case QUEUESTATUS -> of(message.getQueueStatus());
            case CONFIG_COMPLETE_ID -> "config_complete_id " + Integer.toUnsignedString(message.getConfigCompleteId());
            case PAYLOADVARIANT_NOT_SET -> "nothing";
            default -> message.getPayloadVariantCase().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String of(QueueStatus status) {
        String about = status.getMeshPacketId() == 0 ? "" : " of packet " + hex(status.getMeshPacketId());
        return "queue status" + about + ": res " + status.getRes() + ", free " + status.getFree();
    }

    /** A packet: what, from whom, to whom, and its text if it is one. */
    public static String of(MeshPacket packet) {
        StringBuilder words = new StringBuilder();
        if (packet.hasDecoded()) {
            words.append(port(packet.getDecoded())).append(payload(packet.getDecoded()));
        } else {
            words.append("encrypted packet");
        }
        if (packet.getFrom() != 0) {
            words.append(" from ").append(new NodeId(packet.getFrom()));
        }
        words.append(" to ").append(new NodeId(packet.getTo()));
        words.append(", id ").append(hex(packet.getId()));
        if (packet.getChannel() != 0) {
            words.append(", channel ").append(packet.getChannel());
        }
        if (packet.getWantAck()) {
            words.append(", ack wanted");
        }
        Data data = packet.getDecoded();
        if (data.getWantResponse()) {
            words.append(", answer wanted");
        }
        if (data.getRequestId() != 0) {
            words.append(", answers ").append(hex(data.getRequestId()));
        }
        if (data.getReplyId() != 0) {
            words.append(", quotes ").append(hex(data.getReplyId()));
        }
        return words.toString();
    }

    private static String port(Data data) {
        PortNum port = data.getPortnum();
        return port == PortNum.UNRECOGNIZED ? "port " + data.getPortnumValue() : port.name();
    }

    private static String payload(Data data) {
        if (data.getPortnum() != PortNum.TEXT_MESSAGE_APP) {
            return " (" + data.getPayload().size() + " bytes)";
        }
        String text = data.getPayload().toStringUtf8().replaceAll("\\p{Cntrl}", ".");
        return " \"" + (text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text) + '"';
    }

    private static String hex(int id) {
        return Integer.toHexString(id);
    }
}
