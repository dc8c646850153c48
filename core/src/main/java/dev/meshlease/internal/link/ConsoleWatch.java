package dev.meshlease.internal.link;

import dev.meshlease.LossCause;
import dev.meshlease.internal.link.Session.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether a serial console still tells what it has. After 15 minutes without a frame from this side, and after a restart that the bridge
 * between USB and the chip hides, it answers heartbeats and delivers nothing, until it is asked for its configuration again.
 *
 * <p>So the pause between two frames of ours is measured on the wall's clock too, since the monotonic one stands still while this
 * machine is suspended; and a console that has told of no packet for two minutes is asked something that only an open session answers.
 */
final class ConsoleWatch {
    /** A minute before the node forgets. */
    static final Duration FORGOTTEN = Duration.ofMinutes(14);

    static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(2);
    static final long REPLY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Moment lastWrite;
    private long lastToldNanos;
    private boolean asking;
    private long askedNanos;

    ConsoleWatch(Moment now) {
        lastWrite = now;
        lastToldNanos = now.nanos();
    }

    void wrote(Moment now) {
        lastWrite = now;
    }

    /** A word about a packet comes from an open session only; a node's answer to a heartbeat is about none. */
    void heardOfPacket(Moment now) {
        lastToldNanos = now.nanos();
        asking = false;
    }

    boolean wantsToAsk(Moment now) {
        return !asking && now.isAtOrAfter(lastToldNanos + QUIET_NANOS);
    }

    void asked(Moment now) {
        asking = true;
        askedNanos = now.nanos();
    }

    /** Whether the node has forgotten this side by now, or is about to. What is written then is lost. */
    Optional<Fault> forgotten(Moment now) {
        Duration byWall = Duration.between(lastWrite.wall(), now.wall());
        Duration byClock = Duration.ofNanos(now.sinceNanos(lastWrite.nanos()));
        Duration pause = byWall.compareTo(byClock) > 0 ? byWall : byClock;
        return pause.compareTo(FORGOTTEN) > 0
                ? Optional.of(new Fault(
                        LossCause.DEAD,
                        "nothing was written to the serial console for " + pause.toMinutes()
                                + " min; after 15 min it forgets its client"))
                : Optional.empty();
    }

    Optional<Fault> mute(Moment now) {
        return asking && now.isAtOrAfter(askedNanos + REPLY_NANOS)
                ? Optional.of(new Fault(
                        LossCause.DEAD,
                        "the serial console is mute: it told of no packet for "
                                + TimeUnit.NANOSECONDS.toSeconds(now.sinceNanos(lastToldNanos))
                                + " s, and a question that only an open session answers stayed unanswered"))
                : Optional.empty();
    }

    long dueNanos() {
        return asking ? askedNanos + REPLY_NANOS : lastToldNanos + QUIET_NANOS;
    }
}
