package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.RouteDiscovery;
import java.util.ArrayList;
import java.util.List;

/** The route that a traceroute collects: each node on the way adds how well it heard the packet, and itself unless it is the goal. */
final class Route {
    private static final int MOST = 8;
    private static final int UNKNOWN_NODE = 0xFFFFFFFF;
    private static final int UNKNOWN_SNR = -128;
    private static final int SNR_FACTOR = 4;

    private Route() {}

    static int snr(float decibels) {
        return Math.round(decibels * SNR_FACTOR);
    }

    /** The route in a packet, with this node's part. */
    static ByteString amended(MeshPacket packet, int own) throws InvalidProtocolBufferException {
        RouteDiscovery.Builder route =
                RouteDiscovery.parseFrom(packet.getDecoded().getPayload()).toBuilder();
        if (packet.getDecoded().getRequestId() == 0) {
            Leg leg = leg(packet, own, route.getRouteList(), route.getSnrTowardsList());
            route.clearRoute().addAllRoute(leg.nodes()).clearSnrTowards().addAllSnrTowards(leg.snrs());
        } else {
            Leg leg = leg(packet, own, route.getRouteBackList(), route.getSnrBackList());
            route.clearRouteBack().addAllRouteBack(leg.nodes()).clearSnrBack().addAllSnrBack(leg.snrs());
        }
        return route.build().toByteString();
    }

    private record Leg(List<Integer> nodes, List<Integer> snrs) {}

    private static Leg leg(MeshPacket packet, int own, List<Integer> nodesSoFar, List<Integer> snrsSoFar) {
        List<Integer> nodes = new ArrayList<>(nodesSoFar);
        List<Integer> snrs = new ArrayList<>(snrsSoFar);
        int passed = Packets.tellsHopsUsed(packet) ? Math.min(Packets.hopsUsed(packet), MOST) : 0;
        while (nodes.size() < passed) {
            nodes.add(UNKNOWN_NODE);
        }
        while (snrs.size() < nodes.size()) {
            snrs.add(UNKNOWN_SNR);
        }
        if (snrs.size() < MOST) {
            snrs.add(snr(packet.getRxSnr()));
        }
        if (packet.getTo() != own && nodes.size() < MOST) {
            nodes.add(own);
        }
        return new Leg(nodes, snrs);
    }
}
