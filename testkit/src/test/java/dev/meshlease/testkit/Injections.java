package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.HexFormat;

/** A node like {@code meshtasticd -s}, and receptions for it as the recordings have them. */
final class Injections {
    static final int OWN = 0x12345678;
    static final int OTHER = 0x00C0FFEE;
    static final int ALL = NodeId.BROADCAST.number();

    final Bench bench = Bench.of(SimulatedNode.builder().number(new NodeId(OWN)).with(Switch.SIMULATED_RADIO, true));
    final Bench.Client client = bench.ready();

    Injections() {
        bench.host.advance(Duration.ofSeconds(1));
    }

    static ByteString hex(String digits) {
        return ByteString.copyFrom(HexFormat.of().parseHex(digits));
    }

    /**
     * @param wrapped the true port and payload, in hex
     */
    static MeshPacket.Builder reception(int to, int id, String wrapped) {
        return MeshPacket.newBuilder()
                .setFrom(OTHER)
                .setTo(to)
                .setId(id)
                .setRxSnr(6.5f)
                .setRxRssi(-42)
                .setHopLimit(3)
                .setHopStart(3)
                .setDecoded(Data.newBuilder().setPortnum(PortNum.SIMULATOR_APP).setPayload(hex(wrapped)));
    }

    static MeshPacket.Builder textReception(int to, int id) {
        return reception(to, id, "0801120368656a");
    }

    static MeshPacket.Builder question(int id, String wrapped) {
        MeshPacket.Builder question = reception(OWN, id, wrapped);
        question.getDecodedBuilder().setWantResponse(true);
        return question;
    }

    void injects(MeshPacket.Builder reception) {
        client.sent(reception.build());
        bench.host.advance(Duration.ofSeconds(2));
    }
}
