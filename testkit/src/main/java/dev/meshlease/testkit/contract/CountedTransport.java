package dev.meshlease.testkit.contract;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A transport for all registries of a test, which counts what they do at once. To the node a connection begins when it has accepted it; here
 * an attempt counts from the call of {@link Target#connect} until it is reported as closed, or fails by an exception.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public final class CountedTransport implements Transport {
    private final Transport real;
    private final Object monitor = new Object();
    private int attempts;
    private int underWay;
    private int mostAtOnce;
    private long received;

    private CountedTransport(Transport real) {
        this.real = real;
    }

    /** Counts what another transport does. */
    public static CountedTransport of(Transport real) {
        return new CountedTransport(Objects.requireNonNull(real, "real"));
    }

    /** How many attempts there were. */
    public int attempts() {
        synchronized (monitor) {
            return attempts;
        }
    }

    /** How many there were at the same time, at the most. */
    public int mostAtOnce() {
        synchronized (monitor) {
            return mostAtOnce;
        }
    }

    /** How many have not been reported as closed. */
    public int underWay() {
        synchronized (monitor) {
            return underWay;
        }
    }

    /** How many bytes have come in and been dealt with. */
    public long received() {
        synchronized (monitor) {
            return received;
        }
    }

    /**
     * Waits in real time until that many bytes have come in, or no connection is left for them to come in at.
     *
     * @param total since this transport was made
     * @param limit how long to wait at the most
     * @throws AssertionError if they have not by then
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void awaitReceived(long total, Duration limit) throws InterruptedException {
        long endNanos = System.nanoTime() + limit.toNanos();
        synchronized (monitor) {
            while (received < total && underWay > 0) {
                long leftNanos = endNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    throw new AssertionError("Not within " + limit + ": " + total + " bytes, but " + received);
                }
                TimeUnit.NANOSECONDS.timedWait(monitor, leftNanos);
            }
        }
    }

    private void begins() {
        synchronized (monitor) {
            attempts++;
            underWay++;
            mostAtOnce = Math.max(mostAtOnce, underWay);
        }
    }

    private void ends() {
        synchronized (monitor) {
            underWay--;
            monitor.notifyAll();
        }
    }

    private void receives(int count) {
        synchronized (monitor) {
            received += count;
            monitor.notifyAll();
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

    private final class Counted extends Interposed.Place {
        Counted(Target target) {
            super(target);
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            begins();
            try {
                return super.connect(permit, loop, new Counting(events));
            } catch (RuntimeException refused) {
                ends();
                throw refused;
            }
        }
    }

    private final class Counting extends Interposed.Events {
        Counting(ByteLinkListener events) {
            super(events);
        }

        @Override
        public void received(ByteBuffer bytes) {
            int count = bytes.remaining();
            super.received(bytes);
            receives(count);
        }

        @Override
        public void closed(Loss loss) {
            ends();
            super.closed(loss);
        }
    }
}
