package dev.meshlease.testkit.internal.transport;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A transport with something in between, as its targets, connections and listeners may be; what is not overridden is passed on. */
public class Interposed implements Transport {
    protected final Transport real;

    protected Interposed(Transport real) {
        this.real = real;
    }

    /** What stands for a target. */
    protected Target at(Target target) {
        return target;
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
    public CompletionStage<Target> locate(String address, Environment asker) {
        return real.locate(address, asker).thenApply(this::at);
    }

    /** See {@link Interposed}. */
    public static class Place implements Target {
        protected final Target real;

        public Place(Target real) {
            this.real = real;
        }

        @Override
        public Set<LinkKey> keys() {
            return real.keys();
        }

        @Override
        public boolean isConsole() {
            return real.isConsole();
        }

        @Override
        public Optional<Lookout> lookout() {
            return real.lookout();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            return real.connect(permit, loop, events);
        }
    }

    /** See {@link Interposed}. */
    public static class Connection implements ByteLink {
        protected final ByteLink real;

        public Connection(ByteLink real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer bytes) {
            return real.write(bytes);
        }

        @Override
        public void close() {
            real.close();
        }

        @Override
        public void abort() {
            real.abort();
        }
    }

    /** See {@link Interposed}. */
    public static class Events implements ByteLinkListener {
        protected final ByteLinkListener real;

        public Events(ByteLinkListener real) {
            this.real = real;
        }

        @Override
        public void opened() {
            real.opened();
        }

        @Override
        public void writable() {
            real.writable();
        }

        @Override
        public void received(ByteBuffer bytes) {
            real.received(bytes);
        }

        @Override
        public void closed(Loss loss) {
            real.closed(loss);
        }
    }
}
