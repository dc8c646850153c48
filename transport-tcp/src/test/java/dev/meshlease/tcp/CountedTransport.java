package dev.meshlease.tcp;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The TCP transport of all registries of a test, which counts what they do at once: an attempt counts from the call of {@code connect} until
 * its connection is reported as closed.
 */
final class CountedTransport implements Transport {
    private final Transport real = new TcpTransport();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** How many attempts there were. */
    int attempts() {
        return all.get();
    }

    /** How many there were at the same time, at the most. */
    int mostAtOnce() {
        return most.get();
    }

    /** How many have not been reported as closed. */
    int underWay() {
        return now.get();
    }

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
        return real.locate(address, environment).thenApply(Counted::new);
    }

    private final class Counted implements Target {
        private final Target target;

        Counted(Target target) {
            this.target = target;
        }

        @Override
        public Set<LinkKey> keys() {
            return target.keys();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            all.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            return target.connect(permit, loop, new ByteLinkListener() {
                @Override
                public void opened() {
                    events.opened();
                }

                @Override
                public void writable() {
                    events.writable();
                }

                @Override
                public void received(ByteBuffer bytes) {
                    events.received(bytes);
                }

                @Override
                public void closed(Loss loss) {
                    now.decrementAndGet();
                    events.closed(loss);
                }
            });
        }
    }
}
