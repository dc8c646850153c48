package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.LocalStats;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import org.jspecify.annotations.Nullable;

/** What a peer answers to a request: plausible values that depend on nothing but its number and the time. */
public final class PeerAnswers {
    private static final int SPREAD = 1000;
    private static final int LATITUDE = 47_3769000;
    private static final int LONGITUDE = 8_5417000;
    private static final int ALTITUDE = 408;
    private static final int PRECISION_BITS = 32;
    private static final int SNR_TIMES_FOUR = 25;

    private PeerAnswers() {}

    /** The answer, or null if the packet asks for none. A port that nobody serves gets NO_RESPONSE. */
    static @Nullable Data to(MeshPacket packet, NodeId peer, int epochSeconds) {
        Data question = packet.getDecoded();
        if (!question.getWantResponse()) {
            return null;
        }
        ByteString payload = switch (question.getPortnumValue()) {
            case PortNum.POSITION_APP_VALUE -> position(peer, epochSeconds).toByteString();
            case PortNum.TELEMETRY_APP_VALUE -> telemetry(question.getPayload(), peer, epochSeconds);
            case PortNum.TRACEROUTE_APP_VALUE -> route().toByteString();
            case PortNum.NODEINFO_APP_VALUE ->
                DefaultDump.node(peer, epochSeconds).getUser().toByteString();
            default -> null;
        };
        if (payload == null) {
            return Firmware.routing(packet.getId(), Routing.Error.NO_RESPONSE);
        }
        return Data.newBuilder()
                .setPortnumValue(question.getPortnumValue())
                .setPayload(payload)
                .setRequestId(packet.getId())
                .build();
    }

    private static int spread(NodeId peer) {
        return Math.floorMod(peer.number(), SPREAD);
    }

    private static Position position(NodeId peer, int epochSeconds) {
        return Position.newBuilder()
                .setLatitudeI(LATITUDE + spread(peer) * SPREAD)
                .setLongitudeI(LONGITUDE + spread(peer) * SPREAD)
                .setAltitude(ALTITUDE)
                .setTime(epochSeconds)
                .setLocationSource(Position.LocSource.LOC_INTERNAL)
                .setPrecisionBits(PRECISION_BITS)
                .build();
    }

    /** Direct neighbours: no hop between, one link there and one back. */
    private static RouteDiscovery route() {
        return RouteDiscovery.newBuilder()
                .addSnrTowards(SNR_TIMES_FOUR)
                .addSnrBack(SNR_TIMES_FOUR)
                .build();
    }

    private static @Nullable ByteString telemetry(ByteString question, NodeId peer, int epochSeconds) {
        Telemetry wanted;
        try {
            wanted = Telemetry.parseFrom(question);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
        Telemetry.Builder answer = Telemetry.newBuilder().setTime(epochSeconds);
        switch (wanted.getVariantCase()) {
            case ENVIRONMENT_METRICS ->
                answer.setEnvironmentMetrics(EnvironmentMetrics.newBuilder()
                        .setTemperature(20 + spread(peer) % 10)
                        .setRelativeHumidity(50)
                        .setBarometricPressure(1013));
            case LOCAL_STATS ->
                answer.setLocalStats(
                        LocalStats.newBuilder().setUptimeSeconds(3600).setNumTotalNodes(2));
            case DEVICE_METRICS, VARIANT_NOT_SET ->
                answer.setDeviceMetrics(DeviceMetrics.newBuilder()
                        .setBatteryLevel(50 + spread(peer) % 50)
                        .setVoltage(3.9f)
                        .setChannelUtilization(4.5f)
                        .setAirUtilTx(0.5f)
                        .setUptimeSeconds(3600 + spread(peer)));
            default -> {
                return null;
            }
        }
        return answer.build().toByteString();
    }
}
