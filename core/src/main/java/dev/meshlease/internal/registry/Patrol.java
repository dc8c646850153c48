package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.ForeignConnection;
import dev.meshlease.ForeignConnections;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.internal.link.Due;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Sighting;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has others looked for on this machine who are connected to a link's node past the library: at once when the node has ended the link's
 * connection, since whoever has taken its place is there at that moment, or when a session ended as it does if somebody takes bytes away;
 * then as long as there is somebody; and regularly, if that is wanted.
 *
 * <p><b>Threading:</b> the loop only; the looking itself is done by helpers, one at a time for each link.
 */
final class Patrol {
    private static final Logger LOG = LoggerFactory.getLogger("dev.meshlease.link");

    /** From one look to the next, however many connections are lost meanwhile. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** From one look to the next while there is somebody. */
    static final long AGAIN_NANOS = Findings.GRACE_NANOS;

    /** How long a look may take before it counts as failed. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Endpoint endpoint;
    private final Patrols common;
    private final boolean isShare;
    private final Supplier<Optional<Lookout>> lookout;
    private final Findings findings = new Findings();
    private Consumer<Boolean> told = isNews -> {};
    private ForeignConnections picture = ForeignConnections.NONE;
    private boolean isActive;
    private boolean isContended;
    private boolean isLooking;
    private boolean isToLookAgain;
    private @Nullable Long lookedNanos;
    private Loop.@Nullable Timer timer;
    private long dueNanos;

    Patrol(Endpoint endpoint, Patrols common, boolean isShare, Supplier<Optional<Lookout>> lookout) {
        this.endpoint = endpoint;
        this.common = common;
        this.isShare = isShare;
        this.lookout = lookout;
    }

    /** @param changed told of each new picture, and whether it is more than a matter of times */
    void begin(Consumer<Boolean> changed) {
        told = changed;
    }

    /** Who was found. */
    ForeignConnections picture() {
        return picture;
    }

    /** The link has come from one status to another. */
    void moved(LinkStatus before, LinkStatus next) {
        isActive = !isShare && next.state() != LinkState.IDLE && next.state() != LinkState.CLOSED;
        isContended = next.contention().isPresent();
        if (!isActive) {
            stop();
            return;
        }
        sayIfUnknown();
        if (mayBeDisplaced(before, next)) {
            look();
        }
        plan();
    }

    private static boolean mayBeDisplaced(LinkStatus before, LinkStatus next) {
        boolean wasReady = before.state() == LinkState.READY;
        boolean isOver = switch (next.state()) {
            case BACKING_OFF -> wasReady || before.state() == LinkState.HANDSHAKING;
            case HANDSHAKING -> wasReady; // A serial console's next session.
            default -> false;
        };
        return isOver
                && next.lastLoss()
                        .filter(loss -> pointsToOthers(loss.cause(), before.state()))
                        .isPresent();
    }

    /**
     * Some nodes accept a second client and do not answer it until the first has gone. Whoever reads at the same serial port takes parts of
     * frames away, and whole ones.
     */
    private static boolean pointsToOthers(LossCause cause, LinkState during) {
        return switch (cause) {
            case END_OF_STREAM, RESET, DISPLACED, PROTOCOL_ERROR, DEAD -> true;
            case TIMED_OUT -> during == LinkState.HANDSHAKING;
            default -> false;
        };
    }

    private void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        isToLookAgain = false;
        findings.forget();
        picture = ForeignConnections.NONE;
    }

    /** The next look that needs no reason. */
    private void plan() {
        if (isLooking) {
            return; // It is planned when that is over.
        }
        common.audit().ifPresent(period -> lookIn(Due.nanos(period)));
        if (!findings.isEmpty()) {
            lookIn(AGAIN_NANOS);
        }
    }

    private void lookIn(long nanos) {
        long due = now() + nanos;
        if (timer != null) {
            if (due - dueNanos >= 0) {
                return;
            }
            timer.cancel();
        }
        dueNanos = due;
        timer = common.loop().schedule(nanos, () -> {
            timer = null;
            look();
            plan();
        });
    }

    private void look() {
        Optional<Lookout> who = lookout.get();
        if (isLooking) {
            isToLookAgain = true;
        } else if (who.isEmpty()) {
            if (!common.environment().isVirtual()) { // Else there is nobody else in this world.
                unknown("its transport does not look for them");
            }
        } else if (lookedNanos != null && now() - lookedNanos < pauseNanos()) {
            lookIn(pauseNanos() - (now() - lookedNanos));
        } else {
            look(who.get());
        }
    }

    private long pauseNanos() {
        return Math.min(PAUSE_NANOS, common.audit().map(Due::nanos).orElse(PAUSE_NANOS));
    }

    private void look(Lookout who) {
        isLooking = true; // Also if it never comes back: then there is no second thread for it.
        lookedNanos = now();
        Loop.Timer limit = common.loop().schedule(PATIENCE_NANOS, this::overdue);
        try {
            common.environment().helpers().execute(() -> {
                Sighting seen = ask(who);
                post(() -> {
                    limit.cancel();
                    came(seen);
                });
            });
        } catch (RuntimeException | Error none) { // An environment's own, perhaps; this is the loop.
            limit.cancel();
            LOG.debug("{}: no helper takes the look", endpoint, none);
            came(new Sighting.Unknown("there is no thread to look"));
        }
    }

    private void overdue() {
        if (isActive) {
            unknown("the look took more than 10 s");
        }
    }

    /** On a helper thread. */
    private Sighting ask(Lookout who) {
        try {
            return Objects.requireNonNull(who.look(), "the transport gave no sighting");
        } catch (RuntimeException | Error failure) {
            LOG.debug("{}: looking for foreign connections failed", endpoint, failure);
            return new Sighting.Unknown("looking failed: " + failure);
        }
    }

    private void post(Runnable task) {
        try {
            common.loop().execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.trace("{}: the registry is closed", endpoint, closed);
        }
    }

    private void came(Sighting sighting) {
        isLooking = false;
        if (!isActive) {
            return;
        }
        if (sighting instanceof Sighting.Seen seen) {
            seen(seen);
        } else if (sighting instanceof Sighting.Unknown unknown) {
            unknown(unknown.why());
        }
        if (isToLookAgain) {
            isToLookAgain = false;
            look();
        }
        plan();
    }

    private void seen(Sighting.Seen seen) {
        var time = common.environment().time();
        Findings.News news = findings.seen(seen.strangers(), time.instant(), time.nanoTime());
        news.come().forEach(this::warn);
        news.gone().forEach(this::sayGone);
        boolean isNews = !news.isEmpty() || picture.unknown().isPresent();
        picture = new ForeignConnections(findings.list(), Optional.of(time.instant()), Optional.empty());
        told.accept(isNews);
    }

    private void warn(ForeignConnection found) {
        if (found.hasDeviceOpen()) {
            LOG.warn(
                    "{}: {} has {} open past the library. Each of the two takes bytes away from the other: packets are lost, and"
                            + " sessions. {}",
                    endpoint,
                    found.process(),
                    found.remote(),
                    found.isThisProgram()
                            ? "Look for code that opens the port itself, and have it acquire a lease instead"
                            : "End it, or have it leave this port alone");
            return;
        }
        LOG.warn(
                "{}: {} is connected to this node past the library, from {}. A node serves one client: the two drop each other"
                        + " again and again. {}",
                endpoint,
                found.process(),
                found.local(),
                found.isThisProgram()
                        ? "Look for code that opens a socket of its own, and have it acquire a lease instead"
                        : "End it, or have this program do for it, by a lease, what it needs of the node");
    }

    private void sayGone(ForeignConnection gone) {
        if (gone.hasDeviceOpen()) {
            LOG.info("{}: {} no longer has {} open", endpoint, gone.process(), gone.remote());
        } else {
            LOG.info("{}: {} is no longer connected to this node", endpoint, gone.process());
        }
    }

    private void unknown(String why) {
        boolean isNews = !picture.unknown().equals(Optional.of(why));
        picture = new ForeignConnections(findings.list(), picture.lookedAt(), Optional.of(why));
        sayIfUnknown();
        told.accept(isNews);
    }

    private void sayIfUnknown() {
        if (picture.unknown().isPresent() && (isContended || common.audit().isPresent()) && common.isNewThatUnknown()) {
            LOG.info(
                    "{}: whether another program on this machine is connected to this node is unknown: {}",
                    endpoint,
                    picture.unknown().orElseThrow());
        }
    }

    private long now() {
        return common.environment().time().nanoTime();
    }
}
