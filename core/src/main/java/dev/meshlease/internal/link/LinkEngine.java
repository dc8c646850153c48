package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.Endpoint;
import dev.meshlease.ForeignConnections;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.MeshleaseException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one link: {@code (event, now) -> effects}.
 *
 * <p>See {@link LinkState} for the picture. What makes it safe: a new connection is asked for only in {@link #connect}, which runs only
 * when there is no {@link Attempt}, and an attempt is over only when its connection has reported its end. So there is never
 * more than one connection, however events interleave.
 *
 * <p><b>Threading:</b> the loop only.
 */
public final class LinkEngine {
    // For the life of the link.
    private final Endpoint endpoint;
    private final Connection connection;
    private final Audience audience;
    private final Setbacks setbacks;
    private final Outbox outbox;
    private final MessageReader reader;
    private final PacketStream stream;
    private final Wishes wishes;
    private final SelfInquiry selfInquiry;
    private final WindingDown windingDown;
    private final NodeChanges changes = new NodeChanges();
    private long generation;

    // For one state.
    private LinkState state = LinkState.IDLE;
    private Moment since;
    private final NextAttempt nextAttempt = new NextAttempt();

    // For one connection.
    private final Attempt attempt = new Attempt();
    private @Nullable Session session;

    private Moment now;

    public LinkEngine(
            Endpoint endpoint,
            LinkOptions options,
            long number,
            Setbacks setbacks,
            PacketIds packetIds,
            RandomGenerator random,
            Moment now,
            Connection connection,
            Audience audience) {
        this.endpoint = endpoint;
        this.connection = connection;
        this.audience = audience;
        this.setbacks = setbacks;
        setbacks.viaShare(options.viaShare());
        this.stream = new PacketStream(number);
        this.outbox = new Outbox(endpoint, connection, packetIds, new Siblings(stream, audience), this::write);
        this.reader = new MessageReader(endpoint);
        this.wishes = new Wishes(options, random);
        this.selfInquiry = new SelfInquiry(packetIds);
        this.windingDown = new WindingDown(options.maximumAge());
        this.now = now;
        this.since = now;
    }

    // ---- what holders want

    /** Somebody holds a lease: connect, unless that is done. */
    public void demand(Moment moment) {
        at(moment);
        windingDown.demand();
        if (state == LinkState.IDLE && attempt.isNone()) {
            connectInTime();
        } else if (!windingDown.isUnderWay()) {
            outbox.resume(now);
        }
    }

    /** Nobody needs the connection any more; the link stays declared. */
    public void rest(Moment moment) {
        now = moment;
        boolean isNews = !windingDown.isUnderWay();
        windingDown.rest();
        if (isNews) {
            windDown();
        }
    }

    /** The end. */
    public void close(@Nullable MeshleaseException with, Moment moment) {
        now = moment;
        if (!windingDown.isClosing()) {
            boolean isNews = !windingDown.isUnderWay() || attempt.isNone();
            windingDown.close(with);
            if (isNews) {
                windDown();
            }
        }
    }

    /** Connect now instead of later. */
    public void resetBackoff(Moment moment) {
        now = moment;
        setbacks.reset(now);
        if (state == LinkState.BACKING_OFF) {
            connect();
        }
    }

    /** Queues a packet, or fails it at once if it may not wait for the link. */
    public void submit(Shipment shipment, boolean mayWait, Moment moment) {
        at(moment);
        boolean isUp = state == LinkState.READY && attempt.isOpen();
        if (windingDown.isClosing() || (!mayWait && !isUp)) {
            outbox.refuse(shipment, DeliveryFailure.LINK_DOWN, now);
        } else {
            outbox.submit(shipment, now);
        }
    }

    /** A packet was taken back by its sender. */
    public void cancelled(Shipment shipment, Moment moment) {
        now = moment;
        outbox.cancelled(shipment, now);
    }

    /** A lease is gone; what it has queued goes with it. */
    public void leaseClosed(long lease, Moment moment) {
        now = moment;
        outbox.leaseClosed(lease, now);
    }

    // ---- what the world does

    /** There is nothing to connect to, since the address could not be looked up, or no right to. */
    public void neverBegan(LossCause cause, String why, Moment moment) {
        now = moment;
        if (attempt.isOpening() || attempt.isEnding()) {
            LinkLoss loss = attempt.loss(() -> loss(cause, why));
            setbacks.neverBegan(loss);
            over(loss);
        }
    }

    /** The device that was looked for in vain is there now; see {@link Setbacks#isDeviceMissing}. */
    public void deviceCame(Moment moment) {
        now = moment;
        if (state == LinkState.BACKING_OFF && setbacks.isDeviceMissing()) {
            setbacks.deviceCame(now);
            connect();
        }
    }

    /** The right to be connected is gone; so is the connection, at once. */
    public void claimLost(String why, Moment moment) {
        now = moment;
        if (attempt.isEnding()) {
            connection.abort(); // It is not to say goodbye any more.
        } else if (!attempt.isNone()) {
            ending(loss(LossCause.CLAIM_LOST, why));
            connection.abort();
        }
    }

    /** It is there again: no need to wait for longer than after any loss. */
    public void claimRestored(Moment moment) {
        now = moment;
        if (state == LinkState.BACKING_OFF && nextAttempt.claimRestored(now)) {
            audience.progress(status());
        }
    }

    /** A link of this JVM has connected to the same node under another name, since then; it is gone. */
    public void displacedByDuplicate(String name, Instant since, Moment moment) {
        now = moment;
        boolean isMended = setbacks.isExplainedBy(OwnDuplicate.of(name, since, now), now);
        if (isMended && state == LinkState.BACKING_OFF) {
            connect();
        }
    }

    /** The connection stands. */
    public void opened(Moment moment) {
        now = moment;
        if (attempt.isOpening()) {
            attempt.opened();
            converse();
        }
    }

    /** Bytes came. */
    public void received(ByteBuffer bytes, Moment moment) {
        at(moment);
        Session current = session;
        if (attempt.isOpen() && current != null && bytes.hasRemaining()) {
            current.read(bytes, now);
            if (current.progress().isPresent()) {
                audience.progress(status());
            }
            current.fault(now).ifPresent(this::fail);
            finishWindingDown();
        }
    }

    /** The connection, or the attempt, is over. */
    public void closed(Loss seen, Moment moment) {
        now = moment;
        if (!attempt.isNone()) {
            over(attempt.loss(() -> {
                Session.Fault fault = session == null ? Session.Fault.of(seen) : session.judge(seen);
                return loss(fault.cause(), fault.why());
            }));
        }
    }

    /** Time has passed. */
    public void tick(Moment moment) {
        at(moment);
        if (!attempt.isNone() && now.isAtOrAfter(attemptDueNanos())) {
            attemptOverdue();
        }
        if (nextAttempt.isDue(now)) {
            connect();
        }
        Session current = session;
        if (attempt.isOpen() && current != null && !windingDown.isUnderWay()) {
            current.keepTalking(now);
        }
        if (isTooOld()) {
            windingDown.retire();
            windDown();
        }
        if (isUncontested()) {
            setbacks.uncontested();
            audience.status(status());
        }
        outbox.tick(now);
        finishWindingDown();
    }

    private boolean isTooOld() {
        return state == LinkState.READY && !windingDown.isUnderWay() && now.isAtOrAfter(retirementNanos());
    }

    /** When the connection will have become too old; practically never if it may become as old as it likes. */
    private long retirementNanos() {
        return since.nanos() + (outbox.rights().isUnderWay() ? Due.LONGEST_NANOS : windingDown.maximumAgeNanos());
    }

    private boolean isUncontested() {
        return setbacks.isContended()
                && state == LinkState.READY
                && now.isAtOrAfter(since.nanos() + Rivalry.STEADY_NANOS);
    }

    /** When {@link #tick} is due at the latest. */
    public long dueNanos(Moment moment) {
        long due = outbox.dueNanos(moment, moment.nanos() + TimeUnit.HOURS.toNanos(1));
        due = nextAttempt.dueNanos(due);
        if (!attempt.isNone()) {
            due = Due.earlier(due, attemptDueNanos());
        }
        if (state == LinkState.READY && !windingDown.isUnderWay()) {
            due = Due.earlier(due, retirementNanos());
        }
        if (state == LinkState.READY && setbacks.isContended()) {
            due = Due.earlier(due, since.nanos() + Rivalry.STEADY_NANOS);
        }
        return due;
    }

    /** How it is. */
    public LinkStatus status() {
        return new LinkStatus(
                endpoint,
                state,
                since.wall(),
                generation,
                nextAttempt.wall(),
                Optional.ofNullable(session).flatMap(Session::progress),
                setbacks.contention(),
                changes.last(),
                ForeignConnections.NONE,
                setbacks.losses(),
                windingDown.closedWith());
    }

    /** Whether it has come to its end: no event changes anything any more. */
    public boolean isClosed() {
        return state == LinkState.CLOSED;
    }

    /** Counts, and who has what, for a person. */
    public String wire() {
        return reader.counts() + outbox.rights().describe();
    }

    /** What one lease at a time may do. */
    public Rights rights(Moment moment) {
        at(moment);
        return outbox.rights();
    }

    // ---- transitions

    /** At once, or when the wait is over that somebody began before. */
    private void connectInTime() {
        setbacks.notBefore(now).ifPresentOrElse(this::backOff, this::connect);
    }

    private void connect() {
        nextAttempt.begun();
        attempt.begin(now);
        enter(LinkState.CONNECTING);
        connection.connect();
    }

    /** A new session over the connection that stands. */
    private void converse() {
        generation++;
        Session begun = new Session(
                generation, wishes, reader, stream, outbox, connection, audience, selfInquiry, this::ready, now);
        session = begun;
        enter(LinkState.HANDSHAKING);
        begun.ask(now);
    }

    private void ready(NodeSnapshot snapshot) {
        setbacks.ready(snapshot);
        changes.told(snapshot.myInfo(), now);
        wishes.fulfilled(snapshot);
        nextAttempt.succeeded();
        enter(LinkState.READY);
        outbox.linkUp(snapshot, now);
    }

    private void attemptOverdue() {
        if (attempt.isEnding()) {
            connection.abort(); // It was asked in order and did not answer in time.
            attempt.mayTake(Attempt.HANG_UP_NANOS, now);
        } else if (windingDown.isUnderWay()) {
            sayGoodbye();
        } else if (attempt.isOpening()) {
            fail(Attempt.OVERDUE);
        } else if (session != null) {
            session.fault(now).ifPresent(this::fail);
        }
    }

    private long attemptDueNanos() {
        Session current = session;
        return attempt.isOpen() && !windingDown.isUnderWay() && current != null
                ? current.dueNanos()
                : attempt.dueNanos();
    }

    /**
     * Gives the session up, for a reason found on this side, and the connection with it; but not a serial console's, as long as that takes
     * what is written: to open the port again may restart the node. If the next session finds no answer either, the port is opened anew.
     */
    private void fail(Session.Fault fault) {
        LinkLoss loss = loss(fault.cause(), fault.why());
        boolean isOpen = state == LinkState.READY && attempt.isOpen() && !windingDown.isUnderWay();
        if (isOpen && connection.isConsole() && connection.stuckSinceNanos().isEmpty()) {
            sessionOver(loss);
            converse();
            return;
        }
        ending(loss);
        connection.abort();
    }

    /** From here on nothing is written: it would be lost, and still count as written. */
    private void ending(LinkLoss why) {
        attempt.end(why, now);
        outbox.linkDown(now);
    }

    private void sessionOver(LinkLoss loss) {
        OptionalLong openNanos =
                session == null ? OptionalLong.empty() : OptionalLong.of(now.sinceNanos(session.openedNanos()));
        OptionalLong readyNanos =
                state == LinkState.READY ? OptionalLong.of(now.sinceNanos(since.nanos())) : OptionalLong.empty();
        session = null;
        outbox.linkDown(now);
        setbacks.add(loss, openNanos, readyNanos, now);
        if (readyNanos.isPresent()) {
            audience.gap(stream.here());
        }
    }

    private void over(LinkLoss loss) {
        attempt.over();
        boolean wasReady = state == LinkState.READY;
        sessionOver(loss);
        boolean isReplaced = windingDown.takeRetired();
        if (windingDown.isUnderWay() || (attempt.wasClosedByUs() && !isReplaced)) {
            setbacks.wantedNoMore(loss.cause(), wasReady, now);
            atRest();
        } else {
            backOff(isReplaced || setbacks.lastWasOwnDoing() ? now : setbacks.nextAttempt(now));
            nextAttempt.follows(loss, attempt.wasCutShort());
        }
    }

    private void backOff(Moment until) {
        nextAttempt.dueAt(until);
        enter(LinkState.BACKING_OFF);
    }

    private void atRest() {
        nextAttempt.cancel();
        if (windingDown.isClosing()) {
            outbox.end(now); // First, so that whoever watches is told of that before CLOSED.
            enter(LinkState.CLOSED);
        } else {
            enter(LinkState.IDLE);
        }
        audience.ended();
        if (windingDown.isWanted() && state == LinkState.IDLE) {
            connectInTime();
        }
    }

    // ---- winding down

    private void windDown() {
        if (attempt.isNone()) {
            if (state != LinkState.CLOSED && (windingDown.isClosing() || state != LinkState.IDLE)) {
                atRest();
            }
        } else if (attempt.isOpening()) {
            ending(loss(LossCause.CLOSED_BY_US, "closed while connecting"));
            connection.hangUp();
        } else if (attempt.isOpen()) {
            attempt.mayTake(WindingDown.LAST_VERDICT_NANOS, now);
            outbox.hold(now);
            finishWindingDown();
        }
    }

    /** Says goodbye, unless a verdict is still to come. */
    private void finishWindingDown() {
        if (windingDown.isUnderWay() && attempt.isOpen() && !outbox.isUnsettled()) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        LinkLoss why = loss(LossCause.CLOSED_BY_US, windingDown.why());
        Optional.ofNullable(session).ifPresent(open -> open.goodbye(now));
        ending(why);
        connection.hangUp();
    }

    // ---- small things

    /** Before there is anything to write: it would be lost on a console that has forgotten this side. */
    private void at(Moment moment) {
        now = moment;
        if (attempt.isOpen() && session != null) {
            session.forgotten(now).ifPresent(this::fail);
        }
    }

    private void enter(LinkState next) {
        state = next;
        since = now;
        audience.status(status());
    }

    private void write(ToRadio message, Moment at) {
        if (session != null) {
            session.write(message, at);
        }
    }

    private LinkLoss loss(LossCause cause, String why) {
        return new LinkLoss(cause, now.wall(), generation, why);
    }
}
