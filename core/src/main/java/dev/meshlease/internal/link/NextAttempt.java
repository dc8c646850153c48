package dev.meshlease.internal.link;

import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a link that is backing off connects again. A wait that was prolonged for want of a claim ends sooner, once the claim is there.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class NextAttempt {
    private @Nullable Moment due;
    // When it was due at first, if the last connection ended for want of a claim.
    private @Nullable Moment usual;

    void dueAt(Moment moment) {
        due = moment;
    }

    /** It is made. */
    void begun() {
        due = null;
    }

    /** The handshake is complete, and so is what began with the last loss. */
    void succeeded() {
        usual = null;
    }

    /** There will be none. */
    void cancel() {
        due = null;
        usual = null;
    }

    /**
     * Learns what the wait is for.
     *
     * @param cutShort whether a connection or an attempt was ended, rather than one that did not even begin
     */
    void follows(LinkLoss loss, boolean cutShort) {
        if (loss.cause() != LossCause.CLAIM_LOST) {
            usual = null;
        } else if (cutShort || usual == null) {
            usual = due;
        }
    }

    /** No need to wait for longer than after any loss; tells whether that makes it sooner. */
    boolean claimRestored(Moment now) {
        Moment first = usual;
        if (due == null || first == null || due.nanos() - first.nanos() <= 0) {
            return false;
        }
        due = now.isAtOrAfter(first.nanos()) ? now : first;
        return true;
    }

    boolean isDue(Moment now) {
        return due != null && now.isAtOrAfter(due.nanos());
    }

    long dueNanos(long otherwise) {
        return due == null ? otherwise : Due.earlier(otherwise, due.nanos());
    }

    Optional<Instant> wall() {
        return Optional.ofNullable(due).map(Moment::wall);
    }
}
