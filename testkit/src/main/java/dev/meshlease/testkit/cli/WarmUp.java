package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.NaiveClient;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Another node and a client of it, that say a few words to each other. A JVM is slow at what it does for the first time, which no client
 * of a real node sees: a node whose first answer to a packet takes 100 ms would be told from one that takes 5.
 */
final class WarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private WarmUp() {}

    static void run() {
        var replies = new CompletableFuture<String>();
        try (SimulatedNode node = SimulatedNode.builder()
                        .nodes(1)
                        .with(Switch.SIMULATED_RADIO, true)
                        .start();
                NaiveClient client = NaiveClient.start(node.endpoint(), LIMIT, replies::complete)) {
            node.peers().get(0).says("how do you do"); // waits for the client's handshake
            var unused = replies.completeOnTimeout("nothing", LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            client.says("well");
            client.says("and you"); // too soon: refused, which is one more way to answer
        }
    }
}
