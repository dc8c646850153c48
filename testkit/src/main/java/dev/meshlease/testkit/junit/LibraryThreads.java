package dev.meshlease.testkit.junit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The threads of the library that were there at one moment, and those that are there later and were not. */
record LibraryThreads(Set<Thread> before) {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    /** Those of the testkit end with the nodes and clients that they serve. */
    private static final List<String> OURS =
            List.of("meshlease-loop-", "meshlease-helper-", "meshlease-callback-", "meshlease-serial-");

    static LibraryThreads now() {
        return new LibraryThreads(living());
    }

    private static Set<Thread> living() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> OURS.stream().anyMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }

    /**
     * Waits a moment for those that have come since to end.
     *
     * @throws AssertionError if one does not
     */
    void requireNoOthers() {
        Set<Thread> others = living();
        others.removeAll(before);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (Thread other : others) {
            join(other, deadline);
            if (other.isAlive() && !isIdle(other)) {
                throw new AssertionError(
                        "The thread " + other.getName() + " of the library goes on after the test. Close the"
                                + " registry that it belongs to; if it runs a callback, see that that one returns. It is at\n"
                                + Arrays.stream(other.getStackTrace())
                                        .map(frame -> "    at " + frame)
                                        .collect(Collectors.joining("\n")));
            }
        }
    }

    private static void join(Thread other, long deadline) {
        try {
            while (other.isAlive() && !isIdle(other) && System.nanoTime() - deadline < 0) {
                other.join(10);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread of a pool that waits for work ends by itself a second later. */
    private static boolean isIdle(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals("java.util.concurrent.ThreadPoolExecutor")
                        && frame.getMethodName().equals("getTask"));
    }
}
