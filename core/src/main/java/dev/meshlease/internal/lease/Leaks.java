package dev.meshlease.internal.lease;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what its holder has dropped without closing it. One thread waits for all registries, as long as one of them is open.
 *
 * <p>Nothing is kept here: what is not watched by something that lasts itself, a link, goes unseen together with that.
 */
public final class Leaks {
    private static final Logger LOG = LoggerFactory.getLogger(Leaks.class);

    private static int registries; // Guarded by this class.
    private static volatile ReferenceQueue<Object> found =
            new ReferenceQueue<>(); // Of the registries that are open now.

    /** Watches one thing; for as long as this is kept by something else. Must not lead to the thing. */
    abstract static class Watch extends PhantomReference<Object> {
        Watch(Object thing) {
            super(thing, found);
        }

        /** Nobody can reach it any more. On a thread for all, so quick; does nothing if it was closed. */
        abstract void dropped();
    }

    private Leaks() {}

    /** A registry is open. */
    public static synchronized void begin() {
        if (registries++ == 0) {
            ReferenceQueue<Object> fresh = new ReferenceQueue<>();
            found = fresh;
            Thread thread = new Thread(null, () -> find(fresh), "meshlease-leaks", 0, false);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** It is closed. */
    public static synchronized void end() {
        if (--registries == 0) {
            var unused = new WeakReference<Object>(found, found).enqueue(); // What is no watch ends the thread.
        }
    }

    private static void find(ReferenceQueue<Object> queue) {
        for (; ; ) {
            try {
                if (!(queue.remove() instanceof Watch watch)) {
                    return;
                }
                watch.dropped();
            } catch (InterruptedException nobodyOfOurs) {
                LOG.trace("Interrupted; it goes on");
            } catch (RuntimeException
                    | Error failure) { // An environment's, for instance; the others are found all the same.
                LOG.warn("What was dropped without being closed could not be given back", failure);
            }
        }
    }
}
