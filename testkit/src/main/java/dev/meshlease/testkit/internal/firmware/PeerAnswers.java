package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a peer answers to a request. */
final class PeerAnswers {
    private PeerAnswers() {}

    /** The answer, or null if the packet asks for none. A port that nobody serves gets NO_RESPONSE. */
    static @Nullable Data to(MeshPacket packet, Peer peer, int epochSeconds) {
        Data question = packet.getDecoded();
        if (!question.getWantResponse()) {
            return null;
        }
        ByteString payload = switch (question.getPortnumValue()) {
            case PortNum.POSITION_APP_VALUE -> position(peer, epochSeconds);
            case PortNum.TELEMETRY_APP_VALUE -> telemetry(question.getPayload(), peer, epochSeconds);
            case PortNum.TRACEROUTE_APP_VALUE -> route(peer).toByteString();
            case PortNum.NODEINFO_APP_VALUE -> peer.user().toByteString();
            default -> null;
        };
        if (payload == null) {
            return Packets.routing(packet.getId(), Routing.Error.NO_RESPONSE);
        }
        return Data.newBuilder()
                .setPortnumValue(question.getPortnumValue())
                .setPayload(payload)
                .setRequestId(packet.getId())
                .build();
    }

    static ByteString position(Peer peer, int epochSeconds) {
        return peer.position().toBuilder().setTime(epochSeconds).build().toByteString();
    }

    private static @Nullable ByteString telemetry(ByteString question, Peer peer, int epochSeconds) {
        try {
            Telemetry.VariantCase wanted = Telemetry.parseFrom(question).getVariantCase();
            Telemetry measured = peer.telemetry(
                    wanted == Telemetry.VariantCase.VARIANT_NOT_SET ? Telemetry.VariantCase.DEVICE_METRICS : wanted);
            return measured == null ? null : dated(measured, epochSeconds);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    static ByteString dated(Telemetry measured, int epochSeconds) {
        return measured.toBuilder().setTime(epochSeconds).build().toByteString();
    }

    /** The way there in full, and the way back but for the last link, which the node adds when it hears the answer. */
    private static RouteDiscovery route(Peer peer) {
        List<Integer> there = peer.via().stream().map(NodeId::number).toList();
        List<Integer> back = new ArrayList<>(there);
        Collections.reverse(back);
        int snr = Route.snr(Peers.SNR);
        return RouteDiscovery.newBuilder()
                .addAllRoute(there)
                .addAllSnrTowards(Collections.nCopies(there.size() + 1, snr))
                .addAllRouteBack(back)
                .addAllSnrBack(Collections.nCopies(back.size(), snr))
                .build();
    }
}
