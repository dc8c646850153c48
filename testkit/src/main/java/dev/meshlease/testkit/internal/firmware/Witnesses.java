package dev.meshlease.testkit.internal.firmware;

import java.util.ArrayList;
import java.util.List;

/** All who watch a node, as one. On the node's thread. */
final class Witnesses implements Witness {
    private final List<Witness> all = new ArrayList<>();

    void add(Witness witness) {
        all.add(witness);
    }

    void remove(Witness witness) {
        all.remove(witness);
    }

    /** The first of a kind. */
    <W extends Witness> W first(Class<W> kind) {
        return all.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No " + kind.getSimpleName() + " watches this node"));
    }

    @Override
    public void connected(String connection, boolean isRival) {
        all.forEach(witness -> witness.connected(connection, isRival));
    }

    @Override
    public void configured(String connection) {
        all.forEach(witness -> witness.configured(connection));
    }

    @Override
    public void received(String connection, byte[] bytes, int offset, int length) {
        all.forEach(witness -> witness.received(connection, bytes, offset, length));
    }

    @Override
    public void sent(String connection, byte[] bytes, int offset, int length) {
        all.forEach(witness -> witness.sent(connection, bytes, offset, length));
    }

    @Override
    public void paused(String connection, boolean paused) {
        all.forEach(witness -> witness.paused(connection, paused));
    }

    @Override
    public void ended(String connection, End how) {
        all.forEach(witness -> witness.ended(connection, how));
    }

    @Override
    public void noted(String what) {
        all.forEach(witness -> witness.noted(what));
    }

    @Override
    public void over() {
        all.forEach(Witness::over);
    }

    /** A, B, … Z, AA, AB, … */
    static String name(int index) {
        StringBuilder name = new StringBuilder();
        for (int rest = index; rest >= 0; rest = rest / 26 - 1) {
            name.insert(0, (char) ('A' + rest % 26));
        }
        return name.toString();
    }
}
