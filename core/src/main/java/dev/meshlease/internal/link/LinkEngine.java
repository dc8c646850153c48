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
    private final RandomGenerator random;
    private final Connection connection;
    private final Audience audience;
    private final Backoff backoff;
    private final Rivalry rivalry;
    private final Outbox outbox;
    private final LossHistory losses = new LossHistory();
    private final MessageReader reader;
    private final PacketStream stream;
    private long generation;
    private @Nullable NodeSnapshot former;
    private boolean wanted;
    private boolean closing;
    private @Nullable MeshleaseException closedWith;

    // For one state.
    private LinkState state = LinkState.IDLE;
    private Instant since;
    private long sinceNanos;
    private Optional<Instant> nextAttempt = Optional.empty();
    private long nextAttemptNanos;

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
            RandomGenerator random,
            Moment now,
            Connection connection,
            Audience audience) {
        this.endpoint = endpoint;
        this.options = options;
        this.random = random;
        this.connection = connection;
        this.audience = audience;
        this.backoff = new Backoff(options.reconnect(), random);
        this.rivalry = new Rivalry(random);
        this.outbox = new Outbox(this::write, new WireIds(audience::reservePacketId, audience::releasePacketId));
        this.reader = new MessageReader(endpoint);
        this.stream = new PacketStream(number);
        this.now = now;
        this.since = now.wall();
    }

    // ---- what holders want

    /** Somebody holds a lease: connect, unless that is done. */
    public void demand(Moment moment) {
        now = moment;
        wanted = true;
        if (state == LinkState.IDLE && attempt == Attempt.NONE) {
            connect();
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
        backoff.reset();
        rivalry.reset();
        if (state == LinkState.BACKING_OFF) {
            connect();
        }
    }

    /** Queues a packet, or fails it at once if it may not wait for the link. */
    public void submit(Shipment shipment, boolean mayWait, Moment moment) {
        now = moment;
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
        now = moment;
        if (attempt == Attempt.OPENING || attempt == Attempt.ENDING) {
            LinkLoss own = verdict;
            over(own != null ? own : loss(LossCause.UNRESOLVED, why));
        }
    }

    /** The connection stands. */
    public void opened(Moment moment) {
        now = moment;
        if (attempt != Attempt.OPENING) {
            return;
        }
        attempt = Attempt.OPEN;
        generation++;
        Session opened = new Session(
                generation, handshake(), this::nonce, reader, stream, outbox, connection, audience, this::ready, now);
        session = opened;
        enter(LinkState.HANDSHAKING);
        opened.ask(now);
    }

    private Handshake handshake() {
        NodeSnapshot known = former;
        boolean isFresh = known != null
                && Duration.between(known.nodesTakenAt(), now.wall()).compareTo(options.keepNodeDatabase()) <= 0;
        return options.nodeDatabase() && isFresh && !options.keepNodeDatabase().isZero()
                ? new Handshake(Handshake.NONCE_WITHOUT_NODES, known)
                : new Handshake(nonce(), null);
    }

    private int nonce() {
        return Handshake.nonce(options.nodeDatabase(), random);
    }

    /** Bytes came. */
    public void received(ByteBuffer bytes, Moment moment) {
        now = moment;
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
        return Optional.ofNullable(session)
                .flatMap(Session::foreignSpeech)
                .map(speech -> loss(LossCause.PROTOCOL_ERROR, speech + ", then " + seen.detail()))
                .orElseGet(() -> loss(Evidence.cause(seen.kind()), seen.detail()));
    }

    /** Time has passed. */
    public void tick(Moment moment) {
        now = moment;
        if (attempt != Attempt.NONE && now.isAtOrAfter(attemptDueNanos())) {
            attemptOverdue();
        }
        if (state == LinkState.BACKING_OFF && attempt == Attempt.NONE && now.isAtOrAfter(nextAttemptNanos)) {
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
            rivalry.over();
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
        return sinceNanos + options.maximumAge().map(Due::nanos).orElse(Due.LONGEST_NANOS);
    }

    private boolean isUncontested() {
        return rivalry.isContended() && state == LinkState.READY && now.isAtOrAfter(sinceNanos + Rivalry.STEADY_NANOS);
    }

    /** When {@link #tick} is due at the latest. */
    public long dueNanos(Moment moment) {
        long due = outbox.dueNanos(moment, moment.nanos() + TimeUnit.HOURS.toNanos(1));
        if (attempt != Attempt.NONE) {
            due = Due.earlier(due, attemptDueNanos());
        }
        if (state == LinkState.BACKING_OFF) {
            due = Due.earlier(due, nextAttemptNanos);
        }
        if (state == LinkState.READY && !isWindingDown()) {
            due = Due.earlier(due, retirementNanos());
        }
        if (state == LinkState.READY && rivalry.isContended()) {
            due = Due.earlier(due, sinceNanos + Rivalry.STEADY_NANOS);
        }
        return due;
    }

    /** How it is. */
    public LinkStatus status() {
        return new LinkStatus(
                endpoint,
                state,
                since,
                generation,
                nextAttempt,
                Optional.ofNullable(session).flatMap(Session::progress),
                rivalry.contention(),
                losses.list(),
                Optional.ofNullable(closedWith));
    }

    /** Whether it has come to its end: no event changes anything any more. */
    public boolean isClosed() {
        return state == LinkState.CLOSED;
    }

    /** Counts, for a person. */
    public String wire() {
        return reader.counts();
    }

    // ---- transitions

    private void connect() {
        nextAttempt = Optional.empty();
        verdict = null;
        attempt = Attempt.OPENING;
        attemptDueNanos = now.nanos() + CONNECT_NANOS;
        enter(LinkState.CONNECTING);
        connection.connect();
    }

    private void ready(NodeSnapshot snapshot) {
        former = snapshot;
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

    /** Gives the connection up, for a reason found on this side. */
    private void fail(Session.Fault fault) {
        verdict = loss(fault.cause(), fault.why());
        ending();
        connection.abort();
    }

    /** From here on nothing is written: it would be lost, and still count as written. */
    private void ending() {
        attempt = Attempt.ENDING;
        attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        outbox.linkDown(now);
    }

    private void over(LinkLoss loss) {
        boolean wasReady = state == LinkState.READY;
        if (wasReady) {
            backoff.wasReadyFor(now.sinceNanos(sinceNanos));
        }
        OptionalLong openNanos =
                session == null ? OptionalLong.empty() : OptionalLong.of(now.sinceNanos(session.openedNanos()));
        attempt = Attempt.NONE;
        if (session != null) {
            session.over();
        }
        session = null;
        outbox.linkDown(now);
        losses.add(rivalry.judge(loss, openNanos, wasReady));
        if (wasReady) {
            audience.gap(stream.here());
        }
        boolean isReplaced = retiring;
        retiring = false;
        if (isWindingDown()) {
            atRest();
        } else if (isReplaced) {
            backOff(0);
        } else if (verdict != null && verdict.cause() == LossCause.CLOSED_BY_US) {
            atRest();
        } else {
            backOff(Math.max(backoff.next(), rivalry.next()));
        }
    }

    private void backOff(long wait) {
        nextAttemptNanos = now.nanos() + wait;
        nextAttempt = Optional.of(now.wall().plusNanos(wait));
        enter(LinkState.BACKING_OFF);
    }

    private void atRest() {
        nextAttempt = Optional.empty();
        if (closing) {
            enter(LinkState.CLOSED);
            outbox.end(now);
        } else {
            enter(LinkState.IDLE);
        }
        audience.ended();
        if (wanted && state == LinkState.IDLE) {
            connect();
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
                outbox.hold();
                finishWindingDown();
            }
            case ENDING -> {} // On its way.
        }
    }

    /** Says goodbye, unless a verdict is still to come. */
    private void finishWindingDown() {
        if (isWindingDown() && attempt == Attempt.OPEN && !outbox.awaitsVerdict()) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        verdict = loss(LossCause.CLOSED_BY_US, whyGoodbye());
        if (session != null) {
            session.goodbye(now);
        }
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

    private void enter(LinkState next) {
        state = next;
        since = now.wall();
        sinceNanos = now.nanos();
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
