package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.LocalStats;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the node measures of itself. On the node's thread. */
final class OwnTelemetry {
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final int POWERED = 101;

    private final Firmware firmware;

    OwnTelemetry(Firmware firmware) {
        this.firmware = firmware;
    }

    /** Reports to the client now and then, if the node does that. */
    void start() {
        if (firmware.is(Switch.OWN_TELEMETRY)) {
            firmware.host().schedule(INTERVAL.toNanos(), this::report);
        }
    }

    private void report() {
        Telemetry telemetry = device();
        firmware.state().measured(telemetry.getDeviceMetrics());
        Data data = Data.newBuilder()
                .setPortnum(PortNum.TELEMETRY_APP)
                .setPayload(telemetry.toByteString())
                .build();
        firmware.toPhone(firmware.router()
                .fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND)
                .build());
        firmware.host().schedule(INTERVAL.toNanos(), this::report);
    }

    /** What it measures of the kind that a question has; null if that is nothing. */
    @Nullable
    ByteString answer(ByteString question) {
        Telemetry metrics = device();
        try {
            return switch (Telemetry.parseFrom(question).getVariantCase()) {
                case DEVICE_METRICS -> metrics.toByteString();
                case LOCAL_STATS ->
                    metrics.toBuilder()
                            .setLocalStats(LocalStats.newBuilder()
                                    .setUptimeSeconds(metrics.getDeviceMetrics().getUptimeSeconds())
                                    .setNumTotalNodes(firmware.state().others().size() + 1))
                            .build()
                            .toByteString();
                default -> null;
            };
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    private Telemetry device() {
        return Telemetry.newBuilder()
                .setTime(firmware.epochSeconds())
                .setDeviceMetrics(DeviceMetrics.newBuilder()
                        .setBatteryLevel(POWERED)
                        .setVoltage(firmware.profile().volts())
                        .setChannelUtilization(0)
                        .setAirUtilTx(0)
                        .setUptimeSeconds(
                                (int) Duration.ofNanos(firmware.uptimeNanos()).toSeconds()))
                .build();
    }
}
