package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the node answers when others ask. On the node's thread. */
final class Responder {
    private static final Duration POSITION_INTERVAL = Duration.ofMinutes(3);

    private final Firmware firmware;
    private final Router router;
    private @Nullable Long positionNanos;

    /**
     * An answer.
     *
     * @param data what to say, or null for nothing: some requests are passed over in silence
     * @param isOfModule whether a module says it; otherwise it is a word of routing
     */
    record Answer(@Nullable Data data, boolean isOfModule) {
        static final Answer NONE = new Answer(null, false);

        MeshPacket.Priority priority() {
            return isOfModule ? MeshPacket.Priority.RELIABLE : MeshPacket.Priority.ACK;
        }
    }

    Responder(Firmware firmware, Router router) {
        this.firmware = firmware;
        this.router = router;
    }

    /** The answer to a packet, whether it asks for one or not. Of what is asked of everybody, only an introduction is given. */
    Answer answer(MeshPacket request) {
        int port = request.getDecoded().getPortnumValue();
        boolean isForUs = request.getTo() == firmware.state().number();
        if (isForUs && port == PortNum.ADMIN_APP_VALUE) {
            return administer(request);
        }
        if (!request.getDecoded().getWantResponse()) {
            return Answer.NONE;
        }
        if (port == PortNum.NODEINFO_APP_VALUE) {
            return reply(request, router.introduction().answer());
        }
        if (!isForUs) {
            return Answer.NONE;
        }
        return switch (port) {
            case PortNum.POSITION_APP_VALUE -> reply(request, position());
            case PortNum.TELEMETRY_APP_VALUE ->
                reply(request, firmware.modules().telemetry(request.getDecoded().getPayload()));
            case PortNum.TRACEROUTE_APP_VALUE ->
                reply(request, request.getDecoded().getPayload()); // it has collected the way here
            default -> verdict(request, Routing.Error.NO_RESPONSE);
        };
    }

    private Answer administer(MeshPacket request) {
        Administration.Outcome outcome = firmware.modules().administer(request);
        AdminMessage answer = outcome.answer();
        if (answer != null) {
            return reply(request, answer.toByteString());
        }
        boolean failed = outcome.verdict() != Routing.Error.NONE && outcome.verdict() != Routing.Error.NO_RESPONSE;
        boolean wanted = request.getDecoded().getWantResponse() || (request.getWantAck() && failed);
        return wanted ? verdict(request, outcome.verdict()) : Answer.NONE;
    }

    private static Answer verdict(MeshPacket request, Routing.Error word) {
        return new Answer(Packets.routing(request.getId(), word), false);
    }

    private static Answer reply(MeshPacket request, @Nullable ByteString payload) {
        return payload == null
                ? Answer.NONE
                : new Answer(
                        Data.newBuilder()
                                .setPortnumValue(request.getDecoded().getPortnumValue())
                                .setPayload(payload)
                                .setRequestId(request.getId())
                                .build(),
                        true);
    }

    private @Nullable ByteString position() {
        NodeInfo self = firmware.state().node(firmware.state().number()).orElse(NodeInfo.getDefaultInstance());
        boolean isKnown =
                self.getPosition().hasLatitudeI() && self.getPosition().hasLongitudeI();
        long now = firmware.nanoTime();
        if (!isKnown || (positionNanos != null && now - positionNanos < POSITION_INTERVAL.toNanos())) {
            return null;
        }
        positionNanos = now;
        return self.getPosition().toByteString();
    }
}
