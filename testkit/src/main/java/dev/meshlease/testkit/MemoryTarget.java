package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.util.Set;

/** A name in memory. Whether there is a node behind it shows when a connection arrives there. */
record MemoryTarget(MemoryTransport transport, String name, LinkKey key, boolean isConsole) implements Target {
    @Override
    public Set<LinkKey> keys() {
        return Set.of(key);
    }

    @Override
    public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
        Permit.require(permit).redeem(keys());
        var link = new MemoryLink(transport, loop, events);
        link.connect(name);
        return link;
    }
}
