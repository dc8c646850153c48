package dev.meshlease.testkit;

import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.internal.transport.Interposed;

/** The transport in memory as another machine has it: the same nodes, under keys of its own. */
final class ViewedTransport extends Interposed {
    private final MemoryTransport memory;
    private final String view;

    ViewedTransport(MemoryTransport memory, String view) {
        super(memory);
        this.memory = memory;
        this.view = view;
    }

    @Override
    protected Target at(Target target) {
        MemoryTarget there = (MemoryTarget) target;
        LinkKey key = there.key();
        return new MemoryTarget(
                memory, there.name(), new LinkKey(key.scheme(), key.address() + view), there.isConsole());
    }
}
