package dev.meshlease.testkit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.util.concurrent.CompletionStage;

/** The transport in memory as another machine has it: the same nodes, under keys of its own. */
record ViewedTransport(MemoryTransport real, String view) implements Transport {
    @Override
    public String scheme() {
        return real.scheme();
    }

    @Override
    public String check(String address) {
        return real.check(address);
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        return real.locate(address, environment).thenApply(target -> {
            MemoryTarget there = (MemoryTarget) target;
            LinkKey key = there.key();
            return new MemoryTarget(
                    real, there.name(), new LinkKey(key.scheme(), key.address() + view), there.isConsole());
        });
    }
}
