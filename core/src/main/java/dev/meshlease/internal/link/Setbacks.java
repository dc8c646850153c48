package dev.meshlease.internal.link;

import dev.meshlease.Contention;
import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.ReconnectPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The last losses of a link, oldest first, and what it has learnt from them: when it may connect again, and whether a rival is behind them.
 * The latter outlives the link for a while, so that leases that come and go do not make it connect more often.
 *
 * <p><b>Threading:</b> the loop only.
 */
public final class Setbacks {
    private static final int MOST = 16;

    /** After that long without a link, one attempt more or less does nobody any harm. */
    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final RandomGenerator random;
    private final List<LinkLoss> losses = new ArrayList<>();
    private final Backoff backoff;
    private final Absence absence;
    private final Rivalry rivalry;
    private @Nullable Moment notBefore;
    private long servedGeneration = -1;
    private @Nullable OwnDuplicate duplicate;
    private boolean shared;

    public Setbacks(ReconnectPolicy policy, RandomGenerator random) {
        this(policy, random, new Rivalry(random));
    }

    private Setbacks(ReconnectPolicy policy, RandomGenerator random, Rivalry rivalry) {
        this.random = random;
        this.backoff = new Backoff(policy, random);
        this.absence = new Absence(policy, random);
        this.rivalry = rivalry;
    }

    /** For another link to the same node after the end of this one. It has losses of its own, but waits on. */
    public Setbacks heir(ReconnectPolicy policy) {
        Setbacks heir = new Setbacks(policy, random, rivalry);
        heir.backoff.continues(backoff);
        heir.absence.continues(absence);
        heir.notBefore = notBefore;
        return heir;
    }

    /** Whether what it is about serves many clients, so that none of them can be a rival. */
    void viaShare(boolean isShare) {
        shared = isShare;
    }

    /** Whether there is something that a later link should know. */
    public boolean areOfUse(Moment now) {
        return isInTrouble() && (notBefore == null || now.sinceNanos(notBefore.nanos()) < REMEMBERED_NANOS);
    }

    /**
     * One more.
     *
     * @param openNanos how long the session's connection stood; empty if it did not come about
     * @param readyNanos how long the session was READY; empty if it never was
     */
    void add(LinkLoss loss, OptionalLong openNanos, OptionalLong readyNanos, Moment now) {
        if (readyNanos.isPresent() && backoff.wasReadyFor(readyNanos.getAsLong())) {
            absence.forget();
        }
        if (absence.add(loss, now)) {
            backoff.reset();
        }
        if (losses.size() == MOST) {
            losses.remove(0);
        }
        OwnDuplicate own = duplicate;
        if (own != null && own.explains(loss)) {
            duplicate = null; // It has taken one connection; what takes the next is something else.
            losses.add(own.explained(loss));
        } else if (shared) {
            losses.add(loss);
        } else {
            losses.add(rivalry.judge(loss, openNanos, readyNanos.isPresent()));
        }
    }

    /** The loss that is added next says what was found, or not, before anything was touched. */
    void neverBegan(LinkLoss loss) {
        absence.neverBegan(loss);
    }

    /** Whether the link waits for nothing but that a device comes back, which it was not there to be connected to. */
    public boolean isDeviceMissing() {
        return absence.isToBeWatched() && !rivalry.isContended();
    }

    /** It has come back; the wait for it is over. */
    void deviceCame(Moment now) {
        if (absence.ended(now)) {
            backoff.reset();
        }
        notBefore = now;
    }

    /**
     * A link of this JVM has connected to the same node, and is gone again.
     *
     * @return whether the last loss was its doing; if not, that of the next moments may be
     */
    boolean isExplainedBy(OwnDuplicate own, Moment now) {
        int last = losses.size() - 1;
        if (last < 0 || !own.explains(losses.get(last))) {
            duplicate = own;
            return false;
        }
        duplicate = null;
        losses.set(last, own.explained(losses.get(last)));
        rivalry.forgive();
        backoff.reset(); // Nothing of it speaks against the node.
        notBefore = now;
        return true;
    }

    /** Whether the last loss was the doing of this JVM, and is mended by connecting again. */
    boolean lastWasOwnDoing() {
        return !losses.isEmpty() && losses.get(losses.size() - 1).cause() == LossCause.DISPLACED_BY_DUPLICATE;
    }

    /**
     * A node has told who it is. It counts its restarts: one that goes unsaid looks like a connection that was ended, or fell silent, and
     * needs no rival.
     */
    void ready(NodeSnapshot snapshot) {
        OptionalInt before = rivalry.restartedSince(snapshot.myInfo());
        if (before.isPresent()) {
            String evidence = "its count of restarts went from " + before.getAsInt() + " to "
                    + snapshot.myInfo().getRebootCount();
            losses.replaceAll(loss -> loss.generation() == servedGeneration && looksLikeAnEnd(loss.cause())
                    ? new LinkLoss(
                            LossCause.REBOOTED, loss.at(), loss.generation(), evidence + "; seen as " + loss.evidence())
                    : loss);
            rivalry.over();
        }
        servedGeneration = snapshot.generation();
    }

    private static boolean looksLikeAnEnd(LossCause cause) {
        return switch (cause) {
            case RESET, END_OF_STREAM, DISPLACED, DEAD -> true;
            default -> false;
        };
    }

    /** When to try again: later each time. */
    Moment nextAttempt(Moment now) {
        OptionalLong wait = absence.next(now);
        Moment next = now.plusNanos(Math.max(wait.isPresent() ? wait.getAsLong() : backoff.next(), rivalry.next()));
        notBefore = next;
        return next;
    }

    /**
     * A connection, or an attempt, is over while nobody wants it any more.
     *
     * @param wasReady whether it had come about
     */
    void wantedNoMore(LossCause cause, boolean wasReady, Moment now) {
        boolean wasSound = wasReady && cause == LossCause.CLOSED_BY_US;
        if (wasSound && rivalry.isContended()) {
            notBefore = now.plusNanos(rivalry.floorNanos()); // As long as before: nobody has evicted anybody.
        } else if (!wasSound && isInTrouble()) {
            nextAttempt(now);
        }
    }

    /** Until when there is to be no attempt, although somebody wants one. */
    Optional<Moment> notBefore(Moment now) {
        return Optional.ofNullable(notBefore).filter(until -> !now.isAtOrAfter(until.nanos()));
    }

    private boolean isInTrouble() {
        return rivalry.isContended() || backoff.hasGrown() || absence.hasGrown();
    }

    /** Somebody wants it tried at once; waits start over. */
    void reset(Moment now) {
        backoff.reset();
        absence.forget();
        rivalry.reset();
        notBefore = now;
    }

    /** Nobody disputes the connection any more. */
    void uncontested() {
        rivalry.over();
    }

    boolean isContended() {
        return rivalry.isContended();
    }

    Optional<Contention> contention() {
        return rivalry.contention();
    }

    List<LinkLoss> losses() {
        return List.copyOf(losses);
    }
}
