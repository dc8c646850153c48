package dev.meshlease.internal.registry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many share something, and whether there may be more. After it was sealed nobody comes in, and those who are in still leave.
 *
 * <p><b>Threading:</b> safe from any thread, without locks.
 */
final class ShareCount {
    private static final long SEALED = Long.MIN_VALUE / 2;

    // Never negative while open; sealing adds SEALED once, so that those still leaving are counted right.
    private final AtomicLong count = new AtomicLong();

    /** Counts one in; tells how many there were before, or a negative number if it is sealed. */
    long join() {
        return count.getAndUpdate(now -> now < 0 ? now : now + 1);
    }

    /** Counts one out; tells whether it was the last of one that is not sealed. */
    boolean leave() {
        return count.decrementAndGet() == 0;
    }

    boolean isEmpty() {
        return count.get() == 0;
    }

    boolean isSealed() {
        return count.get() < 0;
    }

    /** Lets nobody in any more, if nobody is in. */
    boolean sealIfEmpty() {
        return count.compareAndSet(0, SEALED);
    }

    /** Lets nobody in any more; tells whether it was open before. */
    boolean seal() {
        long before = count.getAndUpdate(now -> now < 0 ? now : now + SEALED);
        return before >= 0;
    }
}
