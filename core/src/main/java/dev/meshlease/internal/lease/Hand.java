package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was taken out of an inbox together, to be given one by one.
 *
 * <p>{@link #start} is the start of a callback. It and {@link #close} meet in one word: so what was given at the moment of closing is known
 * exactly, though nothing is locked for a callback.
 *
 * <p><b>Threading:</b> filled under the monitor of its {@link InboxQueue}, by the one thread that gives. Whoever else looks holds that
 * monitor.
 */
final class Hand {
    private static final int CLOSED = 1 << 31;
    private static final int FEWEST = 4;
    private static final @Nullable Arrival[] NONE = {};
    private static final VarHandle STARTED;

    static {
        try {
            STARTED = MethodHandles.lookup().findVarHandle(Hand.class, "started", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private @Nullable Arrival[] arrivals = NONE;
    private int count;
    private int gaps;
    private volatile int started; // How many of them; with CLOSED, no more.

    /** Nothing starts any more. */
    void close() {
        var unused = (int) STARTED.getAndBitwiseOr(this, CLOSED);
    }

    /** The callback for the next one starts, unless this is closed. */
    boolean start() {
        int before = started;
        return before >= 0 && STARTED.compareAndSet(this, before, before + 1);
    }

    /** What starts next; null if there is nothing, or nothing starts any more. */
    @Nullable
    Arrival next() {
        int next = started;
        return next >= 0 && next < count ? arrivals[next] : null;
    }

    /** Empties it, to be filled, if all that is in it has started and more may. */
    boolean clear() {
        if (!STARTED.compareAndSet(this, count, 0)) {
            return false;
        }
        Arrays.fill(arrivals, 0, count, null);
        count = 0;
        gaps = 0;
        return true;
    }

    void add(Arrival arrival) {
        arrivals = withRoom(1);
        arrivals[count++] = arrival;
        gaps += arrival instanceof Gap ? 1 : 0;
    }

    /** Adds what is next in the slots, up to the next loss, at most so many. */
    void add(Slots slots, int most) {
        arrivals = withRoom(Math.min(most, slots.size()));
        count += slots.take(arrivals, count, most);
    }

    private @Nullable Arrival[] withRoom(int more) {
        return count + more <= arrivals.length
                ? arrivals
                : Arrays.copyOf(arrivals, Math.max(count + more, Math.max(FEWEST, 2 * count)));
    }

    int count() {
        return count;
    }

    Arrival get(int index) {
        return Objects.requireNonNull(arrivals[index]);
    }

    /** How many have started. */
    int started() {
        return started & ~CLOSED;
    }

    /** How many packets are among the first ones. */
    int packets(int first) {
        int packets = first;
        for (int i = 0; gaps > 0 && i < first; i++) {
            packets -= arrivals[i] instanceof Gap ? 1 : 0;
        }
        return packets;
    }
}
