package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;

/** What a node changes in a packet before it shows it to its client and passes it on. */
final class Amendments {
    private static final ByteString NO_MAC = ByteString.copyFrom(new byte[6]);

    private Amendments() {}

    /** An introduction in full, a route with this node's part, and anything else as it is. */
    static MeshPacket in(MeshPacket packet, int own) {
        try {
            return switch (packet.getDecoded().getPortnumValue()) {
                case PortNum.NODEINFO_APP_VALUE -> withMac(packet);
                case PortNum.TRACEROUTE_APP_VALUE -> withPayload(packet, Route.amended(packet, own));
                default -> packet;
            };
        } catch (InvalidProtocolBufferException malformed) {
            return packet;
        }
    }

    private static MeshPacket withMac(MeshPacket packet) throws InvalidProtocolBufferException {
        User user = User.parseFrom(packet.getDecoded().getPayload());
        return user.getMacaddr().isEmpty()
                ? withPayload(
                        packet, user.toBuilder().setMacaddr(NO_MAC).build().toByteString())
                : packet;
    }

    private static MeshPacket withPayload(MeshPacket packet, ByteString payload) {
        return packet.toBuilder()
                .setDecoded(packet.getDecoded().toBuilder().setPayload(payload))
                .build();
    }
}
