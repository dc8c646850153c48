package dev.meshlease.serial;

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
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The serial transport of all registries of a test, which counts: attempts, from the call of {@code connect} until they are reported as closed,
 * and the bytes that come in.
 */
final class CountedTransport implements Transport {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** For tests that open a port often, and do not look at what these pauses are for. */
    private static final LinkTiming HASTY = new LinkTiming(
            Duration.ofMillis(5),
            LinkTiming.STANDARD.write(),
            LinkTiming.STANDARD.drain(),
            Duration.ofMillis(5),
            LinkTiming.STANDARD.leave());

    private final Transport real;
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Object arrival = new Object();
    private long received;

    private CountedTransport(Transport real) {
        this.real = real;
    }

    static CountedTransport standard() {
        return new CountedTransport(new SerialTransport());
    }

    /** With next to no pause after the wake bytes, nor at the end. */
    static CountedTransport hasty() {
        return new CountedTransport(withoutPauses());
    }

    static SerialTransport withoutPauses() {
        return new SerialTransport(
                ModemLines.ASSERT_BOTH, DeviceFiles.SYSTEM, JSerialCommPorts.SYSTEM, HASTY, SerialTransport.IS_WINDOWS);
    }

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

    /** How many bytes have come in. */
    long received() {
        synchronized (arrival) {
            return received;
        }
    }

    /** Waits until that many have, or no link is left for them to come in at. */
    void awaitReceived(long total) {
        long endNanos = System.nanoTime() + LIMIT.toNanos();
        synchronized (arrival) {
            while (received < total && underWay() > 0) {
                long left = endNanos - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("Not within " + LIMIT + ": " + total + " bytes, but " + received);
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(arrival, left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
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
        public boolean isConsole() {
            return target.isConsole();
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
                    int count = bytes.remaining();
                    events.received(bytes);
                    synchronized (arrival) {
                        received += count;
                        arrival.notifyAll();
                    }
                }

                @Override
                public void closed(Loss loss) {
                    synchronized (arrival) {
                        now.decrementAndGet();
                        arrival.notifyAll();
                    }
                    events.closed(loss);
                }
            });
        }
    }
}
