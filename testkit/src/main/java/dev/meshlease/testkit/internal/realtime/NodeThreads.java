package dev.meshlease.testkit.internal.realtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The two threads of all nodes in this JVM that live in real time. Each starts with its first node and ends with its last. */
final class NodeThreads {
    private static final int THREADS = 2;

    @GuardedBy("NodeThreads.class")
    private static final @Nullable Place[] PLACES = new Place[THREADS];

    @GuardedBy("NodeThreads.class")
    private static int started;

    private NodeThreads() {}

    /** One thread and how many nodes live there. Under the class's lock. */
    private static final class Place {
        final NodeThread thread;
        int nodes;

        Place(NodeThread thread) {
            this.thread = thread;
        }
    }

    /** A thread for one more node: the one with the fewest. */
    static synchronized NodeThread take() throws IOException {
        int best = 0;
        for (int i = 1; i < THREADS; i++) {
            if (nodes(PLACES[i]) < nodes(PLACES[best])) {
                best = i;
            }
        }
        Place place = PLACES[best];
        if (place == null) {
            place = new Place(NodeThread.start(++started));
            PLACES[best] = place;
        }
        place.nodes++;
        return place.thread;
    }

    private static int nodes(@Nullable Place place) {
        return place == null ? 0 : place.nodes;
    }

    /** One node less. */
    static void release(NodeThread thread) {
        if (isUnused(thread)) {
            thread.stop();
        }
    }

    private static synchronized boolean isUnused(NodeThread thread) {
        for (int i = 0; i < THREADS; i++) {
            Place place = PLACES[i];
            if (place != null && place.thread.equals(thread) && --place.nodes == 0) {
                PLACES[i] = null;
                return true;
            }
        }
        return false;
    }

    /** Whether this is one of them. */
    static synchronized boolean hasCurrent() {
        for (Place place : PLACES) {
            if (place != null && place.thread.isCurrent()) {
                return true;
            }
        }
        return false;
    }
}
