package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.internal.transcript.Words;
import dev.meshlease.testkit.node.SilentDrops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What tests may not have done to a node. Whatever is wrong is told once, after the test that did it. */
final class Judgement {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MOST_OF_A_KIND = 20;

    private final SimulatedNode node;
    private final Simulated rules;
    private boolean hadClient;
    private int overlapsTold;
    private int offencesTold;
    private int dropsTold;
    private int strikesTold;

    /**
     * @param node the node
     * @param rules what is allowed
     */
    Judgement(SimulatedNode node, Simulated rules) {
        this.node = node;
        this.rules = rules;
    }

    SimulatedNode node() {
        return node;
    }

    boolean isStrict() {
        return rules.strict();
    }

    /** A test begins that finds the node there already. */
    void begin() {
        hadClient = node.hasClient();
    }

    /**
     * A test is over, the node goes on; after the test's own registry was closed.
     *
     * @param hasLinks whether there is a registry that goes on, with a link
     * @throws AssertionError if something was not allowed
     */
    void betweenTests(boolean hasLinks) {
        List<String> wrongs = new ArrayList<>();
        boolean mayHaveClient = hasLinks || hadClient || rules.faults().length > 0;
        if (!mayHaveClient && isStillConnected()) {
            wrongs.add(
                    "a client is still connected: close the registry, or whatever else it belongs to (if it did leave, a"
                            + " stall keeps the node from seeing that: end what the test has injected)");
        }
        tell(wrongs);
    }

    /**
     * All is over; after the injected registry was closed.
     *
     * @param hasLinks whether there is a registry that goes on, with a link
     * @throws AssertionError if something was not allowed
     */
    void atTheEnd(boolean hasLinks) {
        node.endFaults(); // one that reads nothing cannot know who has left
        List<String> wrongs = new ArrayList<>();
        if (!hasLinks && isStillConnected()) {
            wrongs.add("a client is still connected: close the registry, or whatever else it belongs to");
        }
        tell(wrongs);
    }

    private boolean isStillConnected() {
        return !node.await(each -> !each.hasClient(), LIMIT);
    }

    private void tell(List<String> wrongs) {
        addOverlaps(wrongs);
        if (rules.strict()) {
            addOffences(wrongs);
            addDrops(wrongs);
            addUnclaimed(wrongs);
        }
        if (!wrongs.isEmpty()) {
            throw new AssertionError("The " + node + ":\n  " + String.join("\n  ", wrongs) + "\nThe conversation:\n"
                    + node.conversation());
        }
    }

    private void addOverlaps(List<String> wrongs) {
        List<String> all = node.overlaps();
        List<String> fresh = all.subList(overlapsTold, all.size());
        overlapsTold = all.size();
        if (!rules.rivals() && !fresh.isEmpty()) {
            wrongs.add("two clients were connected at the same time (if they may be: @Simulated(rivals = true)): "
                    + String.join("; ", fresh));
        }
    }

    private void addOffences(List<String> wrongs) {
        List<String> all = node.offences();
        add(wrongs, all.subList(offencesTold, all.size()), what -> what);
        offencesTold = all.size();
    }

    private void addDrops(List<String> wrongs) {
        SilentDrops drops = node.silentDrops();
        // Of what a fault has struck, a client may have to say more than once, and not all arrives as it was said.
        if (drops.ofClients() > dropsTold && node.strikes() == strikesTold) {
            wrongs.add("it dropped packets in silence: " + drops);
        }
        dropsTold = drops.ofClients();
        strikesTold = node.strikes();
    }

    private void addUnclaimed(List<String> wrongs) {
        add(wrongs, node.unclaimed(), packet -> "nobody expected " + Words.of(packet));
        node.claim(packet -> true);
    }

    private static <T> void add(List<String> wrongs, List<T> more, Function<T, String> words) {
        more.stream().limit(MOST_OF_A_KIND).map(words).forEach(wrongs::add);
        if (more.size() > MOST_OF_A_KIND) {
            wrongs.add("… and " + (more.size() - MOST_OF_A_KIND) + " more of that kind");
        }
    }
}
