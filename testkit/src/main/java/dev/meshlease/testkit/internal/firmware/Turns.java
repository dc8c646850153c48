package dev.meshlease.testkit.internal.firmware;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The firmware's one cooperative thread, as clients notice it: whoever talks to one has a turn, and while a write takes its time nobody
 * else has. On the node's thread.
 */
final class Turns {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;
    private boolean running;

    /** Runs a turn, now or when those before it are over. It lasts until {@link #over()}, or until it throws. */
    void ask(Runnable turn) {
        waiting.addLast(turn);
        runNext();
    }

    /** Ends the present turn. */
    void over() {
        taken = false;
        runNext();
    }

    /** Forgets who waits, and who has a turn. */
    void clear() {
        waiting.clear();
        taken = false;
    }

    private void runNext() {
        if (running) {
            return; // inside a turn, whose caller goes on below
        }
        running = true;
        try {
            while (!taken && !waiting.isEmpty()) {
                run(waiting.removeFirst());
            }
        } finally {
            running = false;
        }
    }

    private void run(Runnable turn) {
        boolean thrown = true;
        taken = true;
        try {
            turn.run();
            thrown = false;
        } finally {
            if (thrown) {
                taken = false;
            }
        }
    }
}
