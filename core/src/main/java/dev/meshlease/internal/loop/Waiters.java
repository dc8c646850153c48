package dev.meshlease.internal.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait for something the loop does.
 *
 * <p><b>Threading:</b> {@link #await} on foreign threads, the rest on the loop.
 */
final class Waiters {
    /*
     * No wake-up is lost: a waiter registers first and tests its condition afterwards, the loop makes the condition true first and
     * looks for waiters afterwards. Whichever comes second sees the other. A release may be one too many, never one too few.
     */
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (done.getAsBoolean()) {
            return true;
        }
        long start = System.nanoTime();
        var self = new Waiter(Thread.currentThread(), done);
        waiting.add(self);
        try {
            while (true) {
                // Read before the condition: what the loop did last is then seen by the last test.
                boolean last = ended;
                if (done.getAsBoolean()) {
                    return true;
                }
                long left = timeoutNanos - (System.nanoTime() - start);
                if (last || left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            waiting.remove(self);
        }
    }

    /** Wakes those whose condition holds. After each turn. */
    void release() {
        for (Waiter waiter : waiting) {
            if (waiter.isDone()) {
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    /** Wakes all; from now on nobody waits. */
    void end() {
        ended = true;
        for (Waiter waiter : waiting) {
            LockSupport.unpark(waiter.thread);
        }
    }

    /** Equal to itself alone: one thread may wait inside a condition of its own. */
    private static final class Waiter {
        final Thread thread;
        final BooleanSupplier done;

        Waiter(Thread thread, BooleanSupplier done) {
            this.thread = thread;
            this.done = done;
        }

        boolean isDone() {
            try {
                return done.getAsBoolean();
            } catch (Throwable e) {
                return true; // the waiter tests it again and throws in its own thread
            }
        }
    }
}
