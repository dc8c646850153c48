package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What a client may write: noise, what clients have written to real nodes, and messages with anything in them; whole or damaged. */
final class AnyStream {
    private static final int LENGTH_HIGH = 2;
    private static final int LENGTH_LOW = 3;
    private static final List<byte[]> RECORDED = recorded();

    final AnyMessages messages;
    private final Random random;

    /**
     * @param node the node itself
     * @param peer another one that it knows
     */
    AnyStream(Random random, int node, int peer) {
        this.random = random;
        messages = new AnyMessages(random, node, peer);
    }

    private static List<byte[]> recorded() {
        return Stream.of(
                        "02-set-region-reboot",
                        "10-text-broadcast",
                        "14-text-too-long",
                        "18-dm-acked",
                        "20-admin-get-metadata",
                        "21-heartbeat",
                        "23-disconnect-message",
                        "44-inject-rx",
                        "45-handshake-with-nodes",
                        "50-half-frame",
                        "52-garbage",
                        "60-admin-reboot")
                .flatMap(recording -> RecordedEvent.of(recording).stream())
                .filter(event -> event.is("tx"))
                .map(RecordedEvent::bytes)
                .toList();
    }

    /** Bytes that mean nothing, most of the time. */
    byte[] noise() {
        return random.nextInt(4) == 0
                ? NodeFraming.frame(messages.bytes(NodeFraming.MAX_PAYLOAD))
                : messages.bytes(600);
    }

    /** What was written to a real node, often damaged: cut, doubled, turned around, of another length, or with wrong bits. */
    byte[] recording() {
        byte[] written = RECORDED.get(random.nextInt(RECORDED.size())).clone();
        if (random.nextInt(8) == 0 && written.length > LENGTH_LOW) {
            written[LENGTH_HIGH] = (byte) random.nextInt(4);
            written[LENGTH_LOW] = (byte) random.nextInt();
        }
        byte[] damaged = messages.damaged(written);
        return random.nextInt(8) == 0
                ? AnyMessages.joined(damaged, RECORDED.get(random.nextInt(RECORDED.size())))
                : damaged;
    }

    /** Any of it. */
    byte[] anything() {
        return switch (random.nextInt(3)) {
            case 0 -> noise();
            case 1 -> recording();
            default -> messages.frame();
        };
    }
}
