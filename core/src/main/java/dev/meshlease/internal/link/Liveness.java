package dev.meshlease.internal.link;

import dev.meshlease.proto.DeviceMetadata;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the other side is alive. Silence alone is never death: after 30 s without a byte either way the node is asked something, and
 * only if nothing at all comes within 15 s of it is the connection dead. The question also keeps the node from closing after 15 minutes
 * without a word from its client.
 *
 * <p>The question is a heartbeat, if the node's firmware is known to answer those: since 2.7.4. Any other node is asked for its metadata,
 * which does no harm either: it answers, or at least says that it took the question. Whether all old firmware does is not certain, so until
 * it has once on this connection, it takes four questions in a row, which is 135 s.
 */
final class Liveness {
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final int QUESTIONS = 4;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4}).*");

    private final boolean answersHeartbeats;
    private boolean answers;
    private long lastReadNanos;
    private long lastWriteNanos;
    private boolean probing;
    private int unanswered;
    private long probeSentNanos;

    Liveness(DeviceMetadata metadata, long nowNanos) {
        this.answersHeartbeats = answersHeartbeats(metadata.getFirmwareVersion());
        this.answers = answersHeartbeats;
        this.lastReadNanos = nowNanos;
        this.lastWriteNanos = nowNanos;
    }

    static boolean answersHeartbeats(String firmwareVersion) {
        Matcher version = VERSION.matcher(firmwareVersion);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        int patch = Integer.parseInt(version.group(3));
        return major > 2 || (major == 2 && (minor > 7 || (minor == 7 && patch >= 4)));
    }

    /** Whether a heartbeat is the right question; otherwise the node's metadata is. */
    boolean asksByHeartbeat() {
        return answersHeartbeats;
    }

    void read(long nowNanos) {
        lastReadNanos = nowNanos;
        probing = false;
        unanswered = 0;
    }

    /** The node has answered what it was asked, so it will again. */
    void answered() {
        answers = true;
    }

    void wrote(long nowNanos) {
        lastWriteNanos = nowNanos;
    }

    boolean wantsToAsk(Moment now) {
        if (probing && isUnanswered(now) && !isDead(now)) {
            probing = false;
            unanswered++;
            lastReadNanos = now.nanos(); // The next question is due an interval from here, not at once.
        }
        return !probing && now.isAtOrAfter(questionDueNanos());
    }

    void asked(Moment now) {
        lastWriteNanos = now.nanos();
        probeSentNanos = now.nanos();
        probing = true;
    }

    boolean isDead(Moment now) {
        return probing && isUnanswered(now) && (answers || unanswered == QUESTIONS - 1);
    }

    private boolean isUnanswered(Moment now) {
        return now.isAtOrAfter(probeSentNanos + ANSWER_NANOS);
    }

    long dueNanos() {
        return probing ? probeSentNanos + ANSWER_NANOS : questionDueNanos();
    }

    private long questionDueNanos() {
        long earlier = lastReadNanos - lastWriteNanos < 0 ? lastReadNanos : lastWriteNanos;
        return earlier + INTERVAL_NANOS;
    }
}
