package dev.meshlease.testkit;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a node had a reason to end or refuse connections, from a moment on: one that can be read in its conversation. */
final class Endings {
    /** A client has told it to restart, or to go off. */
    static final Pattern RESTART = Pattern.compile("goes down");
    /** What may happen to one of several clients that say anything, goodbyes included, and do not read. */
    static final Pattern ANY =
            Pattern.compile("goes down|\\w+ evicts \\w+|\\w+ → disconnect|\\w+ does not read and is given up");

    private static final String UP = "is up again";

    private final SimulatedNode node;
    private final long before;
    private final boolean wasOff;

    private Endings(SimulatedNode node) {
        this.node = node;
        Conversation said = node.conversation();
        before = said.earlier() + said.lines().size();
        wasOff = isOff(said);
    }

    /** Looks from now on. */
    static Endings of(SimulatedNode node) {
        return new Endings(node);
    }

    /**
     * Forgives what a client met if the node had a reason.
     *
     * @throws AssertionError if it had none
     */
    void forgive(IOException met, Pattern reasons) {
        Conversation said = node.conversation();
        boolean isRight = wasOff
                || said.lines().stream()
                        .skip(Math.max(0, before - said.earlier()))
                        .anyMatch(line -> reasons.matcher(line.words()).matches());
        if (!isRight) {
            throw new AssertionError("The " + node + " had no reason for this:\n" + said, met);
        }
    }

    boolean isOff() {
        return isOff(node.conversation());
    }

    private static boolean isOff(Conversation said) {
        List<String> states = said.lines().stream()
                .map(Conversation.Line::words)
                .filter(words -> words.equals(UP) || RESTART.matcher(words).matches())
                .toList();
        return !states.isEmpty() && !states.get(states.size() - 1).equals(UP);
    }
}
