package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The modules that answer the node's own client: administration, telemetry, introduction. On the node's thread. */
public final class LocalModules {
    private static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(60);
    private static final Duration TELEMETRY_INTERVAL = Duration.ofSeconds(60);
    private static final int PASSKEY_BYTES = 8;
    private static final Duration PASSKEY_RENEWAL = Duration.ofSeconds(150);

    private final Firmware firmware;
    private ByteString passkey = ByteString.EMPTY;
    private long passkeyNanos;
    private boolean announced;
    private long announcedNanos;

    LocalModules(Firmware firmware) {
        this.firmware = firmware;
    }

    /** What they do of their own accord. */
    void start() {
        if (firmware.is(Switch.OWN_TELEMETRY)) {
            firmware.host().schedule(TELEMETRY_INTERVAL.toNanos(), this::reportTelemetry);
        }
    }

    private void reportTelemetry() {
        Data data = Data.newBuilder()
                .setPortnum(PortNum.TELEMETRY_APP)
                .setPayload(deviceTelemetry().toByteString())
                .build();
        firmware.toPhone(firmware.fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND));
        firmware.host().schedule(TELEMETRY_INTERVAL.toNanos(), this::reportTelemetry);
    }

    /** Introduces the node to the mesh, once a minute at the most. */
    void announce() {
        long now = firmware.nanoTime();
        if (announced && now - announcedNanos < ANNOUNCE_INTERVAL.toNanos()) {
            return;
        }
        announced = true;
        announcedNanos = now;
        Data data = Data.newBuilder()
                .setPortnum(PortNum.NODEINFO_APP)
                .setPayload(firmware.state().owner().toByteString())
                .setBitfield(0)
                .build();
        firmware.send(firmware.fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND), false);
    }

    /** A packet from the client to the node itself. */
    void handle(MeshPacket request) {
        Data question = request.getDecoded();
        Routing.Error verdict = Routing.Error.NONE;
        if (question.getPortnum() == PortNum.ADMIN_APP) {
            Outcome outcome = administer(request);
            if (outcome.answered()) {
                return;
            }
            verdict = outcome.verdict();
        } else if (question.getWantResponse()) {
            ByteString payload = answer(question);
            if (payload != null) {
                reply(request, payload);
                return;
            }
            verdict = Routing.Error.NO_RESPONSE;
        }
        if (request.getWantAck() || question.getWantResponse()) {
            MeshPacket word = firmware.fromSelf(
                    request.getFrom(), Firmware.routing(request.getId(), verdict), MeshPacket.Priority.ACK);
            firmware.toPhone(word);
        }
    }

    private @Nullable ByteString answer(Data question) {
        return switch (question.getPortnumValue()) {
            case PortNum.TELEMETRY_APP_VALUE -> deviceTelemetry().toByteString();
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
        MeshPacket answer = firmware.fromSelf(request.getFrom(), data, MeshPacket.Priority.RELIABLE).toBuilder()
                .setChannel(request.getChannel())
                .build();
        firmware.answerSelf(answer);
    }

    Telemetry deviceTelemetry() {
        return Telemetry.newBuilder()
                .setTime(firmware.epochSeconds())
                .setDeviceMetrics(DeviceMetrics.newBuilder()
                        .setBatteryLevel(101)
                        .setVoltage(4.2f)
                        .setChannelUtilization(0)
                        .setAirUtilTx(0)
                        .setUptimeSeconds(
                                (int) Duration.ofNanos(firmware.uptimeNanos()).toSeconds()))
                .build();
    }

    /** What came of an administrative request: answered by a packet of its own, or to be told by a routing verdict. */
    private record Outcome(boolean answered, Routing.Error verdict) {
        static final Outcome ANSWERED = new Outcome(true, Routing.Error.NONE);
        static final Outcome DONE = new Outcome(false, Routing.Error.NONE);
        static final Outcome BAD_REQUEST = new Outcome(false, Routing.Error.BAD_REQUEST);
        static final Outcome NO_RESPONSE = new Outcome(false, Routing.Error.NO_RESPONSE);
    }

    private Outcome administer(MeshPacket request) {
        AdminMessage message;
        try {
            message = AdminMessage.parseFrom(request.getDecoded().getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            return Outcome.BAD_REQUEST;
        }
        return switch (message.getPayloadVariantCase()) {
            case GET_DEVICE_METADATA_REQUEST,
                    GET_OWNER_REQUEST,
                    GET_CONFIG_REQUEST,
                    GET_MODULE_CONFIG_REQUEST,
                    GET_CHANNEL_REQUEST -> get(request, message);
            case SET_OWNER -> {
                NodeInfo self = firmware.state()
                        .node(firmware.state().number())
                        .orElseGet(() -> NodeInfo.newBuilder()
                                .setNum(firmware.state().number())
                                .build());
                firmware.state()
                        .put(self.toBuilder()
                                .setUser(self.getUser().toBuilder().mergeFrom(message.getSetOwner()))
                                .build());
                yield Outcome.DONE;
            }
            case SET_CONFIG -> done(firmware.state().putConfig(message.getSetConfig()));
            case SET_MODULE_CONFIG -> done(firmware.state().putModuleConfig(message.getSetModuleConfig()));
            case SET_CHANNEL -> done(firmware.state().putChannel(message.getSetChannel()));
            case BEGIN_EDIT_SETTINGS, COMMIT_EDIT_SETTINGS, SET_TIME_ONLY -> Outcome.DONE;
            default -> Outcome.NO_RESPONSE;
        };
    }

    private static Outcome done(boolean found) {
        return found ? Outcome.DONE : Outcome.BAD_REQUEST;
    }

    private Outcome get(MeshPacket request, AdminMessage message) {
        if (!request.getDecoded().getWantResponse()) {
            return Outcome.DONE;
        }
        NodeState state = firmware.state();
        AdminMessage.Builder answer = AdminMessage.newBuilder();
        Optional<AdminMessage.Builder> filled = switch (message.getPayloadVariantCase()) {
            case GET_DEVICE_METADATA_REQUEST -> Optional.of(answer.setGetDeviceMetadataResponse(state.metadata()));
            case GET_OWNER_REQUEST -> Optional.of(answer.setGetOwnerResponse(state.owner()));
            case GET_CONFIG_REQUEST ->
                state.config(message.getGetConfigRequestValue()).map(answer::setGetConfigResponse);
            case GET_MODULE_CONFIG_REQUEST ->
                state.moduleConfig(message.getGetModuleConfigRequestValue()).map(answer::setGetModuleConfigResponse);
            case GET_CHANNEL_REQUEST ->
                state.channel(message.getGetChannelRequest() - 1).map(answer::setGetChannelResponse);
            default -> Optional.empty();
        };
        if (filled.isEmpty()) {
            return Outcome.BAD_REQUEST;
        }
        reply(request, filled.get().setSessionPasskey(passkey()).build().toByteString());
        return Outcome.ANSWERED;
    }

    private ByteString passkey() {
        long now = firmware.nanoTime();
        if (passkey.isEmpty() || now - passkeyNanos >= PASSKEY_RENEWAL.toNanos()) {
            byte[] fresh = new byte[PASSKEY_BYTES];
            firmware.random().nextBytes(fresh);
            passkey = ByteString.copyFrom(fresh);
            passkeyNanos = now;
        }
        return passkey;
    }
}
