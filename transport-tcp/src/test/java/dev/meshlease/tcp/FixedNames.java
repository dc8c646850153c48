package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** An environment that knows a few names and remembers what it was asked; it has nothing else. */
final class FixedNames implements Environment {
    final List<String> asked = new ArrayList<>();
    private final Map<String, List<InetAddress>> known;

    FixedNames(Map<String, List<InetAddress>> known) {
        this.known = known;
    }

    @Override
    public NameResolver names() {
        return host -> {
            asked.add(host);
            List<InetAddress> found = known.get(host);
            return found != null
                    ? CompletableFuture.completedFuture(found)
                    : CompletableFuture.failedFuture(new UnknownHostException(host));
        };
    }

    @Override
    public TimeSource time() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RandomGenerator random() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Executor callbacks() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Loop newLoop(String name) {
        throw new UnsupportedOperationException();
    }
}
