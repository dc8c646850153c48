package dev.meshlease.internal.link;

import dev.meshlease.proto.DeviceMetadata;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the other side is alive. Silence alone is never death: after 30 s without a byte either way a heartbeat goes out, and only if
 * nothing at all comes within 15 s of it is the connection dead. The heartbeat also keeps the node from closing after 15 minutes
 * without a word from its client.
 *
 * <p>Firmware before 2.7.4 does not answer heartbeats. There they are sent all the same, but their silence proves nothing.
 */
final class Liveness {
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4}).*");

    private final boolean answersHeartbeats;
    private long lastReadNanos;
    private long lastWriteNanos;
    private boolean probing;
    private long probeSentNanos;

    Liveness(DeviceMetadata metadata, long nowNanos) {
        this.answersHeartbeats = answersHeartbeats(metadata.getFirmwareVersion());
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

    void read(long nowNanos) {
        lastReadNanos = nowNanos;
        probing = false;
    }

    void wrote(long nowNanos) {
        lastWriteNanos = nowNanos;
    }

    boolean wantsHeartbeat(Moment now) {
        return !probing && now.isAtOrAfter(heartbeatDueNanos());
    }

    void heartbeatSent(Moment now) {
        lastWriteNanos = now.nanos();
        probeSentNanos = now.nanos();
        probing = answersHeartbeats;
        if (!probing) {
            lastReadNanos = now.nanos(); // The next one is due an interval from here, not at once.
        }
    }

    boolean isDead(Moment now) {
        return probing && now.isAtOrAfter(probeSentNanos + ANSWER_NANOS);
    }

    long dueNanos() {
        return probing ? probeSentNanos + ANSWER_NANOS : heartbeatDueNanos();
    }

    private long heartbeatDueNanos() {
        long earlier = lastReadNanos - lastWriteNanos < 0 ? lastReadNanos : lastWriteNanos;
        return earlier + INTERVAL_NANOS;
    }
}
