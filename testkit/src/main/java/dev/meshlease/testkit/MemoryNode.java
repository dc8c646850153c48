package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.Acceptor;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Entrance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A node's place in memory: its loop, who accepts connections there, and those that wait for it. On its loop only, but for the constructor
 * and stall.
 */
final class MemoryNode implements Entrance {
    private final VirtualLoop loop;
    private final Acceptor acceptor;
    private final boolean isConsole;
    private final Deque<MemoryNodeEnd> waiting = new ArrayDeque<>();
    private final Set<MemoryNodeEnd> ends = new LinkedHashSet<>();
    private boolean stalled;
    private boolean refusing;

    MemoryNode(VirtualLoop loop, Acceptor acceptor, boolean isConsole) {
        this.loop = loop;
        this.acceptor = acceptor;
        this.isConsole = isConsole;
    }

    VirtualLoop loop() {
        return loop;
    }

    boolean isConsole() {
        return isConsole;
    }

    /** From any thread. */
    void stall(boolean stall) {
        loop.execute(() -> {
            stalled = stall;
            readOrNot();
        });
    }

    @Override
    public void refuse(boolean refused) {
        refusing = refused;
        List<MemoryNodeEnd> lost = List.copyOf(waiting);
        waiting.clear();
        lost.forEach(end -> end.close(true));
        readOrNot();
    }

    private void readOrNot() {
        List.copyOf(ends).forEach(MemoryNodeEnd::readOrNot);
    }

    boolean isStalled() {
        return stalled;
    }

    boolean isRefusing() {
        return refusing;
    }

    /** Whether the place is taken where connections wait; as in a kernel, that is one more than it was told. */
    boolean isFull() {
        return waiting.size() > acceptor.backlog();
    }

    int sendBuffer() {
        return acceptor.sendBuffer();
    }

    void enter(MemoryNodeEnd end) {
        ends.add(end);
        waiting.add(end);
        if (!acceptor.waits(this::takeNext)) {
            waiting.remove(end);
            end.close(true);
        }
    }

    private void takeNext() {
        MemoryNodeEnd next = waiting.poll();
        if (next != null) {
            next.accepted();
        }
    }

    ClientSession connected(ClientWire wire) {
        return acceptor.connected(wire);
    }

    void forget(MemoryNodeEnd end) {
        ends.remove(end);
    }
}
