package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.LocalStats;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import org.jspecify.annotations.Nullable;

/** Where a peer is and what it measures as long as nobody has said otherwise: plausible, and always the same for a number. */
public final class PeerValues {
    private static final double DEGREE = 1e7;
    private static final int SPREAD = 1000;
    private static final int LATITUDE = 47_3769000;
    private static final int LONGITUDE = 8_5417000;
    private static final int ALTITUDE = 408;
    private static final int PRECISION_BITS = 32;

    private PeerValues() {}

    private static int spread(NodeId peer) {
        return Math.floorMod(peer.number(), SPREAD);
    }

    static Position position(NodeId peer) {
        return at(LATITUDE + spread(peer) * SPREAD, LONGITUDE + spread(peer) * SPREAD);
    }

    /** A position in degrees. */
    public static Position position(double latitude, double longitude) {
        return at((int) Math.round(latitude * DEGREE), (int) Math.round(longitude * DEGREE));
    }

    private static Position at(int latitude, int longitude) {
        return Position.newBuilder()
                .setLatitudeI(latitude)
                .setLongitudeI(longitude)
                .setAltitude(ALTITUDE)
                .setLocationSource(Position.LocSource.LOC_INTERNAL)
                .setPrecisionBits(PRECISION_BITS)
                .build();
    }

    /** What it measures of a kind, or null if nothing. */
    static @Nullable Telemetry telemetry(NodeId peer, Telemetry.VariantCase kind) {
        Telemetry.Builder telemetry = Telemetry.newBuilder();
        return switch (kind) {
            case ENVIRONMENT_METRICS ->
                telemetry
                        .setEnvironmentMetrics(EnvironmentMetrics.newBuilder()
                                .setTemperature(20 + spread(peer) % 10)
                                .setRelativeHumidity(50)
                                .setBarometricPressure(1013))
                        .build();
            case LOCAL_STATS ->
                telemetry
                        .setLocalStats(
                                LocalStats.newBuilder().setUptimeSeconds(3600).setNumTotalNodes(2))
                        .build();
            case DEVICE_METRICS ->
                telemetry
                        .setDeviceMetrics(DeviceMetrics.newBuilder()
                                .setBatteryLevel(50 + spread(peer) % 50)
                                .setVoltage(3.9f)
                                .setChannelUtilization(4.5f)
                                .setAirUtilTx(0.5f)
                                .setUptimeSeconds(3600 + spread(peer)))
                        .build();
            default -> null;
        };
    }
}
