package dev.meshlease.serial;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which ports this transport has open, or is opening, and whether the driver is at work.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
final class OwnPorts {
    static final OwnPorts ALL = new OwnPorts();

    /** Instead of a count of calls: there is one that has not returned. */
    static final long AT_WORK = -1;

    private final Set<String> paths = new HashSet<>();
    private long begun;
    private long ended;

    /** A call of the driver begins that may open or close ports. */
    synchronized void begins() {
        begun++;
    }

    synchronized void ends() {
        ended++;
    }

    /** How many calls there were; {@link #AT_WORK} if one has not returned. */
    synchronized long calls() {
        return begun == ended ? ended : AT_WORK;
    }

    /** From now on it may be open; false if it may be already. */
    synchronized boolean take(String path) {
        return paths.add(path);
    }

    /** It is closed. */
    synchronized void give(String path) {
        paths.remove(path);
        notifyAll();
    }

    synchronized boolean has(String path) {
        return paths.contains(path);
    }

    /** Waits until none is open, or that takes too long. */
    synchronized void awaitNone(long mostNanos) throws InterruptedException {
        long endNanos = System.nanoTime() + mostNanos;
        for (long left = mostNanos; !paths.isEmpty() && left > 0; left = endNanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
