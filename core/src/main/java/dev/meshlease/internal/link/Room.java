package dev.meshlease.internal.link;

import dev.meshlease.proto.QueueStatus;
import java.util.concurrent.TimeUnit;

/**
 * The node's own queue for transmission, as far as it tells. A packet for a full one is refused, or pushes out a less urgent one without
 * a word. So there is nothing to write until the node says that there is room, which it does unasked when a queue was full; in case that
 * is lost, it is asked. Old firmware does not answer: after a while it is simply tried.
 */
final class Room {
    static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    static final int MOST_QUESTIONS = 10;

    private boolean full;
    private int unanswered;
    private long askNanos;

    /** Nothing is known of this session's node. */
    void forget() {
        full = false;
    }

    void told(QueueStatus status, Moment now) {
        // Without a radio all is zero.
        boolean isFull = status.getFree() == 0 && status.getMaxlen() > 0;
        if (isFull && !full) {
            askNanos = now.nanos() + ASK_NANOS;
        }
        full = isFull;
        unanswered = 0;
    }

    boolean isFull() {
        return full;
    }

    /** When the node is to be asked, if it is full. */
    long askNanos() {
        return askNanos;
    }

    /** Whether it is time to ask; if so, the next time is a while from now. Who never answers is taken to have room. */
    boolean wantsToAsk(Moment now) {
        boolean due = full && now.isAtOrAfter(askNanos);
        if (due && unanswered == MOST_QUESTIONS) {
            full = false;
            return false;
        }
        if (due) {
            unanswered++;
            askNanos = now.nanos() + ASK_NANOS;
        }
        return due;
    }
}
