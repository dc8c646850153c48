package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.NaiveClient;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Another node and a client of it, that meet again and again and say a few words to each other. A JVM is slow at what it has not done
 * often, which no client of a real node sees: one whose first handshake takes 50 ms, and whose first answer to a packet 100, would be
 * told from one that takes 5.
 */
final class WarmUp {
    private static final int MEETINGS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private WarmUp() {}

    /**
     * Runs until it has had its effect.
     *
     * @param wanted ends it early: a client that is there needs the processor more
     * @return how often the two have met
     */
    static int run(Future<?> wanted) {
        int meetings = 0;
        if (wanted.isDone()) {
            return meetings;
        }
        var heard = new Semaphore(0);
        try (SimulatedNode node = SimulatedNode.builder()
                        .nodes(1)
                        .with(Switch.SIMULATED_RADIO, true)
                        .with(Switch.ACCEPT_POLL, MOMENT)
                        .with(Switch.IDLE_POLL, MOMENT)
                        .start();
                NaiveClient client = NaiveClient.start(node.endpoint(), MOMENT, text -> heard.release())) {
            SimulatedPeer peer = node.peers().get(0);
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
            while (meetings < MEETINGS && !wanted.isDone()) {
                peer.says("how do you do"); // waits for the client's handshake
                if (!heard.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                meetings++;
                client.says("well");
                client.says("and you"); // too soon: refused, which is one more way to answer
                node.disconnectClient();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return meetings;
    }
}
