package dev.meshlease.internal.registry;

import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a registry. Its loop carries it out by itself, whoever has asked for it and from where: callers only wait, as long as they
 * may, and whoever stops waiting changes nothing.
 *
 * <p>First in order, as each link ends: verdicts to come, goodbye, and the claims given back. What has not ended by then is cut, whatever
 * its transport does. What is left after that, because a store does not say that others may have a claim, is no longer waited for.
 *
 * <p><b>Threading:</b> {@link #begin}, {@link #await} and {@link #isBegun} from any thread, the rest on the loop.
 */
final class Closing {
    /** The most that a caller waits, and more than the loop takes by itself. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A link has 2 s for its last verdicts and 2 s to hang up. */
    private static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(4_200);

    private static final long DROP_NANOS = TimeUnit.MILLISECONDS.toNanos(4_800);

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final LinkTable table;
    private final Runnable afterwards;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean over; // Written by the loop.

    /** @param afterwards on the loop, when there is no link any more */
    Closing(LinkTable table, Runnable afterwards) {
        this.table = table;
        this.afterwards = afterwards;
    }

    boolean isBegun() {
        return begun.get();
    }

    void begin() {
        if (begun.compareAndSet(false, true)) {
            // On the loop, since what is being admitted at this moment is admitted there: it comes before, and is shut,
            // or after.
            table.loop().execute(this::shut);
        }
    }

    private void shut() {
        table.close(this::finish);
        table.list().forEach(SharedLink::shut);
        Loop loop = table.loop();
        loop.schedule(CUT_NANOS, () -> table.list().forEach(link -> each(link::cut)));
        loop.schedule(DROP_NANOS, () -> table.list().forEach(link -> each(link::drop)));
    }

    /** What goes wrong with one link is not to keep the others. */
    private void each(Runnable end) {
        table.loop().execute(end);
    }

    private void finish() {
        afterwards.run();
        over = true;
        table.loop().close();
    }

    /** Waits until the registry is closed, within {@link #LIMIT}; not at all on the loop, which does the work, nor when interrupted. */
    void await() {
        Loop loop = table.loop();
        if (over || loop.isOwner()) {
            return;
        }
        try {
            if (!loop.await(() -> over, LIMIT.toNanos()) && !over) {
                LOG.warn(
                        "Closing the registry took longer than {}; it goes on without waiting. Its loop is busy: does an"
                                + " inline() listener, a store of claims or a transport block?",
                        LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // Closing goes on without waiting.
        }
    }
}
