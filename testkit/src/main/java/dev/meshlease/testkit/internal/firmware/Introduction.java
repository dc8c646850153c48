package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the node tells the mesh who it is: not too often. On the node's thread. */
final class Introduction {
    private static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(60);
    private static final Duration ANSWER_INTERVAL = Duration.ofMinutes(10);

    private final Firmware firmware;
    private final Router router;
    private @Nullable Long introducedNanos;

    Introduction(Firmware firmware, Router router) {
        this.firmware = firmware;
        this.router = router;
    }

    /** Tells everybody, and asks the others to do so too, once a minute at the most. */
    void announce() {
        ByteString introduction = unlessWithin(ANNOUNCE_INTERVAL);
        if (introduction != null) {
            Data data = Data.newBuilder()
                    .setPortnum(PortNum.NODEINFO_APP)
                    .setPayload(introduction)
                    .setWantResponse(true)
                    .build();
            var unused =
                    router.sendReported(router.fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.DEFAULT)
                            .build());
        }
    }

    /** Who the node is, for one that asked; null if it said so a short while ago. */
    @Nullable
    ByteString answer() {
        return unlessWithin(ANSWER_INTERVAL);
    }

    private @Nullable ByteString unlessWithin(Duration interval) {
        long now = firmware.nanoTime();
        if (introducedNanos != null && now - introducedNanos < interval.toNanos()) {
            return null;
        }
        introducedNanos = now;
        return firmware.state().owner().toByteString();
    }
}
