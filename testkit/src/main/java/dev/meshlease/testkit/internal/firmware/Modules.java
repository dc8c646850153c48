package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The node's modules: they answer its client and other nodes alike. On the node's thread. */
final class Modules {
    private static final Duration POSITION_INTERVAL = Duration.ofMinutes(3);

    private final Firmware firmware;
    private final Router router;
    private final Administration administration;
    private final OwnTelemetry telemetry;
    private @Nullable Long positionNanos;

    Modules(Firmware firmware, Router router) {
        this.firmware = firmware;
        this.router = router;
        administration = new Administration(firmware);
        telemetry = new OwnTelemetry(firmware);
    }

    /** What they do of their own accord. */
    void start() {
        telemetry.start();
    }

    /** The reply to a packet for the node or for all. Of what is asked of everybody, only an introduction is given. */
    Reply reply(MeshPacket request) {
        int port = request.getDecoded().getPortnumValue();
        boolean isForUs = request.getTo() == firmware.state().number();
        if (isForUs && port == PortNum.ADMIN_APP_VALUE) {
            Reply reply = administration.handle(request);
            return wantsResponse(request) ? reply : reply.unsaid();
        }
        if (!wantsResponse(request)) {
            return Reply.SILENCE;
        }
        if (port == PortNum.NODEINFO_APP_VALUE) {
            ByteString introduction = router.introduction().answer();
            return introduction == null ? Reply.SILENCE : Reply.of(answer(request, introduction));
        }
        return isForUs ? replyOfOurs(request) : Reply.NOBODY;
    }

    private Reply replyOfOurs(MeshPacket request) {
        ByteString asked = request.getDecoded().getPayload();
        return switch (request.getDecoded().getPortnumValue()) {
            case PortNum.POSITION_APP_VALUE -> position(request);
            case PortNum.TELEMETRY_APP_VALUE -> {
                ByteString measured = telemetry.answer(asked);
                yield measured == null ? Reply.NOBODY : Reply.of(answer(request, measured));
            }
            case PortNum.TRACEROUTE_APP_VALUE -> Reply.of(answer(request, asked)); // it has collected the way here
            default -> Reply.NOBODY;
        };
    }

    private static boolean wantsResponse(MeshPacket request) {
        return request.getDecoded().getWantResponse();
    }

    private static Data answer(MeshPacket request, ByteString payload) {
        return Data.newBuilder()
                .setPortnumValue(request.getDecoded().getPortnumValue())
                .setPayload(payload)
                .setRequestId(request.getId())
                .build();
    }

    private Reply position(MeshPacket request) {
        long now = firmware.nanoTime();
        if (positionNanos != null && now - positionNanos < POSITION_INTERVAL.toNanos()) {
            return Reply.SILENCE;
        }
        NodeInfo self = firmware.state().node(firmware.state().number()).orElse(NodeInfo.getDefaultInstance());
        boolean isKnown =
                self.getPosition().hasLatitudeI() && self.getPosition().hasLongitudeI();
        if (!isKnown) {
            return Reply.NOBODY;
        }
        positionNanos = now;
        return Reply.of(answer(request, self.getPosition().toByteString()));
    }
}
