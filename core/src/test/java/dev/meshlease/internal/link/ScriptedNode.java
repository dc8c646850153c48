package dev.meshlease.internal.link;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import java.nio.ByteBuffer;
import java.util.List;

/** What a node says. */
final class ScriptedNode {
    static final NodeId OWN = new NodeId(0x12345678);
    static final NodeId PEER = new NodeId(0x0badcafe);

    private ScriptedNode() {}

    static FromRadio myInfo() {
        return FromRadio.newBuilder()
                .setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(OWN.number()).setNodedbCount(2))
                .build();
    }

    static FromRadio metadata(String firmwareVersion) {
        return FromRadio.newBuilder()
                .setMetadata(DeviceMetadata.newBuilder().setFirmwareVersion(firmwareVersion))
                .build();
    }

    static FromRadio nodeInfo(NodeId id) {
        return FromRadio.newBuilder()
                .setNodeInfo(NodeInfo.newBuilder().setNum(id.number()))
                .build();
    }

    static FromRadio channel(int index) {
        return FromRadio.newBuilder()
                .setChannel(Channel.newBuilder().setIndex(index))
                .build();
    }

    static FromRadio hopLimit(int hops) {
        return FromRadio.newBuilder()
                .setConfig(Config.newBuilder()
                        .setLora(Config.LoRaConfig.newBuilder().setHopLimit(hops)))
                .build();
    }

    static FromRadio complete(int nonce) {
        return FromRadio.newBuilder().setConfigCompleteId(nonce).build();
    }

    /** A whole configuration download. */
    static List<FromRadio> handshake(int nonce, String firmwareVersion) {
        return handshake(nonce, firmwareVersion, 0);
    }

    /** As {@link #handshake(int, String)}, of a node that has restarted that often. */
    static List<FromRadio> handshake(int nonce, String firmwareVersion, int restarts) {
        return List.of(
                FromRadio.newBuilder()
                        .setMyInfo(myInfo().getMyInfo().toBuilder().setRebootCount(restarts))
                        .build(),
                nodeInfo(OWN),
                metadata(firmwareVersion),
                channel(0),
                hopLimit(3),
                nodeInfo(PEER),
                complete(nonce));
    }

    static FromRadio rebooted() {
        return FromRadio.newBuilder().setRebooted(true).build();
    }

    static FromRadio queueStatus(int packetId, int res) {
        return queueStatus(packetId, res, 15);
    }

    /** As {@link #queueStatus(int, int)}, from a node with so much room. */
    static FromRadio queueStatus(int packetId, int res, int free) {
        return FromRadio.newBuilder()
                .setQueueStatus(QueueStatus.newBuilder()
                        .setMeshPacketId(packetId)
                        .setRes(res)
                        .setFree(free)
                        .setMaxlen(16))
                .build();
    }

    static FromRadio text(NodeId from, String text) {
        return packet(
                from,
                Data.newBuilder()
                        .setPortnum(PortNum.TEXT_MESSAGE_APP)
                        .setPayload(ByteString.copyFromUtf8(text))
                        .build());
    }

    /** An ack (NONE) or a nak. */
    static FromRadio routing(NodeId from, int requestId, Routing.Error error) {
        return answer(
                from,
                PortNum.ROUTING_APP_VALUE,
                requestId,
                Routing.newBuilder().setErrorReason(error).build().toByteString());
    }

    static FromRadio answer(NodeId from, int port, int requestId, ByteString payload) {
        return packet(
                from,
                Data.newBuilder()
                        .setPortnumValue(port)
                        .setRequestId(requestId)
                        .setPayload(payload)
                        .build());
    }

    private static FromRadio packet(NodeId from, Data data) {
        return FromRadio.newBuilder()
                .setPacket(MeshPacket.newBuilder()
                        .setFrom(from.number())
                        .setTo(OWN.number())
                        .setId(data.hashCode() | 1)
                        .setDecoded(data))
                .build();
    }

    /** Framed without the library's encoder. */
    static byte[] frame(FromRadio message) {
        return frame(message.toByteArray());
    }

    static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length)
                .putShort((short) 0x94c3)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }
}
