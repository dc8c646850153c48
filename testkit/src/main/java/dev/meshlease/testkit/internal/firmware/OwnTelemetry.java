package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.LocalStats;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The modules that answer the node's own client: administration, telemetry, introduction. On the node's thread. */
public final class LocalModules {
    private static final Duration TELEMETRY_INTERVAL = Duration.ofSeconds(60);
    private static final int POWERED = 101;

    private final Firmware firmware;
    private final Administration administration;

    LocalModules(Firmware firmware) {
        this.firmware = firmware;
        administration = new Administration(firmware);
    }

    /** What they do of their own accord. */
    void start() {
        if (firmware.is(Switch.OWN_TELEMETRY)) {
            firmware.host().schedule(TELEMETRY_INTERVAL.toNanos(), this::reportTelemetry);
        }
    }

    private void reportTelemetry() {
        Telemetry telemetry = deviceTelemetry();
        firmware.state().measured(telemetry.getDeviceMetrics());
        Data data = Data.newBuilder()
                .setPortnum(PortNum.TELEMETRY_APP)
                .setPayload(telemetry.toByteString())
                .build();
        firmware.toPhone(firmware.router()
                .fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND)
                .build());
        firmware.host().schedule(TELEMETRY_INTERVAL.toNanos(), this::reportTelemetry);
    }

    /** A remote node wants to administer this one. */
    Administration.Outcome administer(MeshPacket request) {
        return administration.handle(request);
    }

    /** A packet from the client to the node itself. */
    void handle(MeshPacket request) {
        Data question = request.getDecoded();
        ByteString answer = null;
        Routing.Error verdict = Routing.Error.NONE;
        if (question.getPortnum() == PortNum.ADMIN_APP) {
            Administration.Outcome outcome = administration.handle(request);
            answer = outcome.answer() == null ? null : outcome.answer().toByteString();
            verdict = outcome.verdict();
        } else if (question.getWantResponse()) {
            answer = answer(question);
            verdict = Routing.Error.NO_RESPONSE;
        }
        if (answer != null) {
            reply(request, answer);
        } else if (question.getWantResponse()) {
            say(request, verdict);
        } else if (request.getWantAck()) {
            say(request, verdict == Routing.Error.NO_RESPONSE ? Routing.Error.NONE : verdict);
        }
    }

    private void say(MeshPacket request, Routing.Error verdict) {
        Data word = Packets.routing(request.getId(), verdict);
        firmware.toPhone(firmware.router()
                .fromSelf(request.getFrom(), word, MeshPacket.Priority.ACK)
                .build());
    }

    private @Nullable ByteString answer(Data question) {
        return switch (question.getPortnumValue()) {
            case PortNum.TELEMETRY_APP_VALUE -> telemetry(question.getPayload());
            case PortNum.NODEINFO_APP_VALUE -> firmware.state().owner().toByteString();
            default -> null;
        };
    }

    private void reply(MeshPacket request, ByteString payload) {
        Data data = Data.newBuilder()
                .setPortnumValue(request.getDecoded().getPortnumValue())
                .setPayload(payload)
                .setRequestId(request.getId())
                .build();
        MeshPacket answer = firmware.router()
                .fromSelf(request.getFrom(), data, MeshPacket.Priority.RELIABLE)
                .setChannel(request.getChannel())
                .build();
        firmware.report(Radio.RES_OK, answer.getId());
        firmware.toPhone(answer);
    }

    /** What the node measures of the kind that a question has, of itself if it has none; null for what it does not measure. */
    @Nullable
    ByteString telemetry(ByteString question) {
        Telemetry metrics = deviceTelemetry();
        try {
            return switch (Telemetry.parseFrom(question).getVariantCase()) {
                case DEVICE_METRICS, VARIANT_NOT_SET -> metrics.toByteString();
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

    private Telemetry deviceTelemetry() {
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
