package dev.meshlease.internal.link;

import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import dev.meshlease.ReconnectPolicy;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A device that is not there, such as one that is unplugged, and what follows from its coming back.
 *
 * <p>That it is not there is found out without touching anything, so those attempts have waits of their own: they say nothing against the
 * device once it is there. To be tried at once it must have been missing; an attempt that is made since it was seen and finds it missing
 * again is followed by the usual wait.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class Absence {
    /** For so long after it came, its permissions may still be on their way. */
    static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** One that comes and goes has that time but once a minute, or it would be tried every time. */
    static final long SETTLING_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Backoff waits;
    private @Nullable LinkLoss early;
    private @Nullable LossCause last;
    private boolean isNow;
    private boolean isExpected;
    private boolean isInVain;
    private boolean cameBefore;
    private @Nullable Moment came;

    Absence(ReconnectPolicy policy, RandomGenerator random) {
        this.waits = new Backoff(policy, random);
    }

    /** An attempt is over before there was anything to connect to; why, the loss says that is added next. */
    void neverBegan(LinkLoss loss) {
        early = loss;
    }

    /**
     * One more loss.
     *
     * @return whether it shows that the device has come, for the first time as in {@link #ended}, though nobody has said so: an attempt may
     *     be due just then
     */
    boolean add(LinkLoss loss, Moment now) {
        boolean wasMissed = isNow && !isExpected;
        last = loss.cause();
        isNow = loss.cause() == LossCause.NO_SUCH_DEVICE && loss.equals(early);
        isInVain = isNow && isExpected;
        early = null;
        if (!isNow) {
            waits.reset();
        }
        boolean hasCome = wasMissed && isOfWhatIsThere(loss.cause()) && ended(now);
        isExpected = false;
        return hasCome;
    }

    private static boolean isOfWhatIsThere(LossCause cause) {
        return cause == LossCause.BUSY || cause == LossCause.NOT_PERMITTED || cause == LossCause.DEVICE;
    }

    /** Whether it is worth looking whether it has come. */
    boolean isToBeWatched() {
        return isNow && !isInVain;
    }

    /**
     * It has come.
     *
     * @return whether for the first time since the last steady session: one that comes and goes is no better than before
     */
    boolean ended(Moment now) {
        boolean isFirst = !cameBefore;
        if (isFirst || came == null || now.sinceNanos(came.nanos()) >= SETTLING_AGAIN_NANOS) {
            came = now;
        }
        cameBefore = true;
        isExpected = true;
        return isFirst;
    }

    /** There was a steady session, or somebody wants all to start over. */
    void forget() {
        cameBefore = false;
        waits.reset();
    }

    /** How long to wait after the last loss, in nanoseconds, if that is about the device's being there; else the usual wait is due. */
    OptionalLong next(Moment now) {
        if (isNow) {
            return OptionalLong.of(waits.next());
        }
        boolean isSettling = came != null && now.sinceNanos(came.nanos()) < SETTLING_NANOS;
        return isSettling && last == LossCause.NOT_PERMITTED ? OptionalLong.of(SOON_NANOS) : OptionalLong.empty();
    }

    boolean hasGrown() {
        return waits.hasGrown();
    }

    /** Goes on where another was. */
    void continues(Absence former) {
        waits.continues(former.waits);
        isNow = former.isNow;
        isInVain = former.isInVain;
        cameBefore = former.cameBefore;
        came = former.came;
    }
}
