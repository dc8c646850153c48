package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.internal.transcript.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test may not have done to a node.
 *
 * @param node the node
 * @param rules what is allowed
 */
record Judgement(SimulatedNode node, Simulated rules) {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /**
     * Looks at what has happened; after the injected registry was closed.
     *
     * @throws AssertionError if something was not allowed
     */
    void pass() {
        node.endFaults(); // one that reads nothing cannot know who has left
        List<String> wrongs = new ArrayList<>();
        if (!node.await(each -> !each.hasClient(), LIMIT)) {
            wrongs.add("a client is still connected: close the registry, or whatever else it belongs to");
        }
        if (!rules.rivals() && !node.overlaps().isEmpty()) {
            wrongs.add("two clients were connected at the same time (if they may be: @Simulated(rivals = true)): "
                    + String.join("; ", node.overlaps()));
        }
        if (rules.strict()) {
            node.offences().forEach(wrongs::add);
            if (node.silentDrops().ofClients() > 0) {
                wrongs.add("it dropped packets in silence: " + node.silentDrops());
            }
            node.unclaimed().forEach(packet -> wrongs.add("nobody expected " + Words.of(packet)));
        }
        if (!wrongs.isEmpty()) {
            throw new AssertionError("The " + node + ":\n  " + String.join("\n  ", wrongs) + "\nThe conversation:\n"
                    + node.conversation());
        }
    }
}
