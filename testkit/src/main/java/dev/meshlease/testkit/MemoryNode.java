package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A node's place in memory: its loop, and who answers its connections there. On its loop only, but for the constructor and stall. */
final class MemoryNode {
    private final VirtualLoop loop;
    private final Function<ClientWire, ClientSession> server;
    private final Set<Pipe> inbound = new LinkedHashSet<>();
    private boolean stalled;

    MemoryNode(VirtualLoop loop, Function<ClientWire, ClientSession> server) {
        this.loop = loop;
        this.server = server;
    }

    VirtualLoop loop() {
        return loop;
    }

    /** From any thread. */
    void stall(boolean stall) {
        loop.execute(() -> {
            stalled = stall;
            List.copyOf(inbound).forEach(pipe -> pipe.hold(stall));
        });
    }

    ClientSession accept(ClientWire wire, Pipe fromClient) {
        inbound.add(fromClient);
        fromClient.hold(stalled);
        return server.apply(wire);
    }

    void forget(Pipe fromClient) {
        inbound.remove(fromClient);
    }
}
