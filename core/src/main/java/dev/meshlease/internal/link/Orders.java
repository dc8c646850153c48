package dev.meshlease.internal.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;

/** What administration messages are about. */
public final class Orders {
    private Orders() {}

    /** Whether it does more than ask. */
    public static boolean isChange(AdminMessage message) {
        return !message.getPayloadVariantCase().name().startsWith("GET_");
    }

    /** Whether it begins or ends an edit of that node's settings. */
    public static boolean isFrameOfAnEdit(MeshPacket packet, NodeId node) {
        Data data = packet.getDecoded();
        if (!isHeardBy(node, packet) || data.getPortnumValue() != PortNum.ADMIN_APP_VALUE) {
            return false;
        }
        try {
            return isFrameOfAnEdit(AdminMessage.parseFrom(data.getPayload()));
        } catch (InvalidProtocolBufferException malformed) {
            return false; // So it is for the node.
        }
    }

    /** Whether the node takes it for itself: also what is for everybody. */
    static boolean isHeardBy(NodeId node, MeshPacket packet) {
        return packet.getTo() == node.number() || packet.getTo() == NodeId.BROADCAST.number();
    }

    /** Whether it begins or ends an edit of the settings. */
    public static boolean isFrameOfAnEdit(AdminMessage message) {
        return message.hasBeginEditSettings() || message.hasCommitEditSettings();
    }
}
