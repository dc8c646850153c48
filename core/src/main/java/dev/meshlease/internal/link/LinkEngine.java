package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.Endpoint;
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
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one link: {@code (event, now) -> effects}.
 *
 * <p>See {@link LinkState} for the picture. What makes it safe: a new connection is asked for only in {@link #connect}, which runs only
 * when {@link #attempt} is NONE, and {@code attempt} becomes NONE only when the old connection has reported its end. So there is never
 * more than one connection, however events interleave.
 *
 * <p><b>Threading:</b> the loop only.
 */
public final class LinkEngine {
    static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long LAST_VERDICT_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long HANG_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** The physical side: from {@code Connection.connect} to {@code closed}. */
    private enum Attempt {
        NONE,
        OPENING,
        OPEN,
        /** Told to end; waiting for it to say so. */
        ENDING
    }

    // For the life of the link.
    private final Endpoint endpoint;
    private final LinkOptions options;
    private final Connection connection;
    private final Audience audience;
    private final Setbacks setbacks;
    private final Outbox outbox;
    private final MessageReader reader;
    private final PacketStream stream;
    private final Wishes wishes;
    private final SelfInquiry selfInquiry;
    private long generation;
    private boolean wanted;
    private boolean closing;
    private @Nullable MeshleaseException closedWith;

    // For one state.
    private LinkState state = LinkState.IDLE;
    private Moment since;
    private @Nullable Moment nextAttempt;
    // When the next attempt was due at first, if the last connection ended for want of a claim.
    private @Nullable Moment claimWaitUntil;

    // For one connection.
    private Attempt attempt = Attempt.NONE;
    private long attemptDueNanos;
    private @Nullable LinkLoss verdict;
    private boolean retiring;
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
        this.options = options;
        this.connection = connection;
        this.audience = audience;
        this.setbacks = setbacks;
        this.stream = new PacketStream(number);
        this.outbox = new Outbox(endpoint, connection, packetIds, new Siblings(stream, audience), this::write);
        this.reader = new MessageReader(endpoint);
        this.wishes = new Wishes(options, random);
        this.selfInquiry = new SelfInquiry(packetIds);
        this.now = now;
        this.since = now;
    }

    // ---- what holders want

    /** Somebody holds a lease: connect, unless that is done. */
    public void demand(Moment moment) {
        at(moment);
        wanted = true;
        if (state == LinkState.IDLE && attempt == Attempt.NONE) {
            connectInTime();
        } else if (!isWindingDown()) {
            outbox.resume(now);
        }
    }

    /** Nobody needs the connection any more; the link stays declared. */
    public void rest(Moment moment) {
        now = moment;
        boolean isNews = !isWindingDown();
        wanted = false;
        if (isNews) {
            windDown();
        }
    }

    /** The end. */
    public void close(@Nullable MeshleaseException with, Moment moment) {
        now = moment;
        if (!closing) {
            boolean isNews = !isWindingDown() || attempt == Attempt.NONE;
            closing = true;
            closedWith = with;
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
        boolean isUp = state == LinkState.READY && attempt == Attempt.OPEN;
        if (closing || (!mayWait && !isUp)) {
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

    /** The address could not be looked up. */
    public void unlocated(String why, Moment moment) {
        neverBegan(LossCause.UNRESOLVED, why, moment);
    }

    /** The right to connect is not to be had at the moment. */
    public void unclaimed(String why, Moment moment) {
        neverBegan(LossCause.CLAIM_LOST, why, moment);
    }

    private void neverBegan(LossCause cause, String why, Moment moment) {
        now = moment;
        if (attempt == Attempt.OPENING || attempt == Attempt.ENDING) {
            LinkLoss own = verdict;
            over(own != null ? own : loss(cause, why));
        }
    }

    /** The right to be connected is gone; so is the connection, at once. */
    public void claimLost(String why, Moment moment) {
        now = moment;
        if (attempt == Attempt.ENDING) {
            connection.abort(); // It is not to say goodbye any more.
        } else if (attempt != Attempt.NONE) {
            verdict = loss(LossCause.CLAIM_LOST, why);
            ending();
            connection.abort();
        }
    }

    /** It is there again: no need to wait for longer than after any loss. */
    public void claimRestored(Moment moment) {
        now = moment;
        Moment next = nextAttempt;
        Moment usual = claimWaitUntil;
        if (state == LinkState.BACKING_OFF && next != null && usual != null && next.nanos() - usual.nanos() > 0) {
            nextAttempt = now.isAtOrAfter(usual.nanos()) ? now : usual;
            audience.progress(status());
        }
    }

    /** The connection stands. */
    public void opened(Moment moment) {
        now = moment;
        if (attempt != Attempt.OPENING) {
            return;
        }
        attempt = Attempt.OPEN;
        converse();
    }

    /** Bytes came. */
    public void received(ByteBuffer bytes, Moment moment) {
        at(moment);
        Session current = session;
        if (attempt == Attempt.OPEN && current != null && bytes.hasRemaining()) {
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
        if (attempt == Attempt.NONE) {
            return;
        }
        LinkLoss own = verdict;
        over(own != null ? own : judge(seen));
    }

    private LinkLoss judge(Loss seen) {
        Session begun = session;
        Session.Fault fault = begun == null ? Session.Fault.of(seen) : begun.judge(seen);
        return loss(fault.cause(), fault.why());
    }

    /** Time has passed. */
    public void tick(Moment moment) {
        at(moment);
        if (attempt != Attempt.NONE && now.isAtOrAfter(attemptDueNanos())) {
            attemptOverdue();
        }
        if (nextAttempt != null && now.isAtOrAfter(nextAttempt.nanos())) {
            connect();
        }
        Session current = session;
        if (attempt == Attempt.OPEN && current != null && !isWindingDown()) {
            current.keepTalking(now);
        }
        if (isTooOld()) {
            retiring = true;
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
        return state == LinkState.READY && !isWindingDown() && now.isAtOrAfter(retirementNanos());
    }

    /** When the connection will have become too old; practically never if it may become as old as it likes. */
    private long retirementNanos() {
        Optional<Duration> age = outbox.rights().isUnderWay() ? Optional.empty() : options.maximumAge();
        return since.nanos() + age.map(Due::nanos).orElse(Due.LONGEST_NANOS);
    }

    private boolean isUncontested() {
        return setbacks.isContended()
                && state == LinkState.READY
                && now.isAtOrAfter(since.nanos() + Rivalry.STEADY_NANOS);
    }

    /** When {@link #tick} is due at the latest. */
    public long dueNanos(Moment moment) {
        long due = outbox.dueNanos(moment, moment.nanos() + TimeUnit.HOURS.toNanos(1));
        if (attempt != Attempt.NONE) {
            due = Due.earlier(due, attemptDueNanos());
        }
        if (nextAttempt != null) {
            due = Due.earlier(due, nextAttempt.nanos());
        }
        if (state == LinkState.READY && !isWindingDown()) {
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
                Optional.ofNullable(nextAttempt).map(Moment::wall),
                Optional.ofNullable(session).flatMap(Session::progress),
                setbacks.contention(),
                setbacks.losses(),
                Optional.ofNullable(closedWith));
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
        nextAttempt = null;
        verdict = null;
        attempt = Attempt.OPENING;
        attemptDueNanos = now.nanos() + CONNECT_NANOS;
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
        wishes.fulfilled(snapshot);
        claimWaitUntil = null;
        enter(LinkState.READY);
        outbox.linkUp(snapshot, now);
    }

    private void attemptOverdue() {
        if (attempt == Attempt.ENDING) {
            connection.abort(); // It was asked in order and did not answer in time.
            attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        } else if (isWindingDown()) {
            sayGoodbye();
        } else if (attempt == Attempt.OPENING) {
            String limit = TimeUnit.NANOSECONDS.toSeconds(CONNECT_NANOS) + " s";
            fail(new Session.Fault(LossCause.TIMED_OUT, "no connection within " + limit));
        } else if (session != null) {
            session.fault(now).ifPresent(this::fail);
        }
    }

    private long attemptDueNanos() {
        Session current = session;
        return attempt == Attempt.OPEN && !isWindingDown() && current != null ? current.dueNanos() : attemptDueNanos;
    }

    /**
     * Gives the session up, for a reason found on this side, and the connection with it; but not a serial console's, as long as that takes
     * what is written: to open the port again may restart the node. If the next session finds no answer either, the port is opened anew.
     */
    private void fail(Session.Fault fault) {
        LinkLoss loss = loss(fault.cause(), fault.why());
        boolean isOpen = state == LinkState.READY && attempt == Attempt.OPEN && !isWindingDown();
        if (isOpen && connection.isConsole() && connection.stuckSinceNanos().isEmpty()) {
            sessionOver(loss);
            converse();
            return;
        }
        verdict = loss;
        ending();
        connection.abort();
    }

    /** From here on nothing is written: it would be lost, and still count as written. */
    private void ending() {
        attempt = Attempt.ENDING;
        attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        outbox.linkDown(now);
    }

    private void sessionOver(LinkLoss loss) {
        OptionalLong openNanos =
                session == null ? OptionalLong.empty() : OptionalLong.of(now.sinceNanos(session.openedNanos()));
        OptionalLong readyNanos =
                state == LinkState.READY ? OptionalLong.of(now.sinceNanos(since.nanos())) : OptionalLong.empty();
        session = null;
        outbox.linkDown(now);
        setbacks.add(loss, openNanos, readyNanos);
        if (readyNanos.isPresent()) {
            audience.gap(stream.here());
        }
    }

    private void over(LinkLoss loss) {
        attempt = Attempt.NONE;
        boolean wasReady = state == LinkState.READY;
        sessionOver(loss);
        boolean isReplaced = retiring;
        retiring = false;
        boolean isByUs = verdict != null && verdict.cause() == LossCause.CLOSED_BY_US;
        if (isWindingDown() || (isByUs && !isReplaced)) {
            setbacks.wantedNoMore(loss.cause(), wasReady, now);
            atRest();
        } else {
            backOff(isReplaced ? now : setbacks.nextAttempt(now));
            boolean cutShort = verdict != null; // Not for those attempts that did not even begin.
            if (loss.cause() != LossCause.CLAIM_LOST) {
                claimWaitUntil = null;
            } else if (cutShort || claimWaitUntil == null) {
                claimWaitUntil = nextAttempt;
            }
        }
    }

    private void backOff(Moment until) {
        nextAttempt = until;
        enter(LinkState.BACKING_OFF);
    }

    private void atRest() {
        nextAttempt = null;
        claimWaitUntil = null;
        if (closing) {
            outbox.end(now); // First, so that whoever watches is told of that before CLOSED.
            enter(LinkState.CLOSED);
        } else {
            enter(LinkState.IDLE);
        }
        audience.ended();
        if (wanted && state == LinkState.IDLE) {
            connectInTime();
        }
    }

    // ---- winding down

    private boolean isWindingDown() {
        return closing || !wanted || retiring;
    }

    private void windDown() {
        switch (attempt) {
            case NONE -> {
                if (state != LinkState.CLOSED && (closing || state != LinkState.IDLE)) {
                    atRest();
                }
            }
            case OPENING -> fail(new Session.Fault(LossCause.CLOSED_BY_US, "closed while connecting"));
            case OPEN -> {
                attemptDueNanos = now.nanos() + LAST_VERDICT_NANOS;
                outbox.hold(now);
                finishWindingDown();
            }
            case ENDING -> {} // On its way.
        }
    }

    /** Says goodbye, unless a verdict is still to come. */
    private void finishWindingDown() {
        if (isWindingDown() && attempt == Attempt.OPEN && !outbox.isUnsettled()) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        verdict = loss(LossCause.CLOSED_BY_US, whyGoodbye());
        Optional.ofNullable(session).ifPresent(open -> open.goodbye(now));
        ending();
        connection.hangUp();
    }

    private String whyGoodbye() {
        if (closing || !wanted) {
            return closedWith == null ? "closed by its holders" : "closed";
        }
        return "older than " + options.maximumAge().map(Duration::toString).orElse("?");
    }

    // ---- small things

    /** Before there is anything to write: it would be lost on a console that has forgotten this side. */
    private void at(Moment moment) {
        now = moment;
        if (attempt == Attempt.OPEN && session != null) {
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
