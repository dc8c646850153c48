package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.SimulatedNode;

/** Not a failure but a note on one: what a node and its clients said to each other. */
final class Told extends Exception {
    private static final long serialVersionUID = 1L;

    Told(SimulatedNode node) {
        super("the conversation of the " + node + ":\n" + node.conversation(), null, false, false);
    }
}
