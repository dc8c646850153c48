package dev.meshlease.internal.link;

import com.google.protobuf.CodedInputStream;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.Endpoint;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.MeshleaseException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    static final long HANDSHAKE_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(120);
    static final long LAST_VERDICT_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long HANG_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int NONCE_WITHOUT_NODES = 69420;
    private static final int NONCE_NODES_ONLY = 69421;
    private static final Logger LOG = LoggerFactory.getLogger(LinkEngine.class);

    /** The physical side: from {@code Effects.connect} to {@code closed}. */
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
    private final long number;
    private final RandomGenerator random;
    private final Effects effects;
    private final Backoff backoff;
    private final Outbox outbox = new Outbox(this::write);
    private final LossHistory losses = new LossHistory();
    private final FrameDecoder decoder = new FrameDecoder(this::onFrame);
    private long generation;
    private long position;
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
    private Evidence evidence = new Evidence();
    private long framesBefore;
    private long skippedBefore;
    private long unreadable;
    private @Nullable Handshake handshake;
    private long lastProgressNanos;
    private @Nullable Liveness liveness;

    private Moment now;

    public LinkEngine(
            Endpoint endpoint, LinkOptions options, long number, RandomGenerator random, Moment now, Effects effects) {
        this.endpoint = endpoint;
        this.options = options;
        this.number = number;
        this.random = random;
        this.effects = effects;
        this.backoff = new Backoff(options.reconnect(), random);
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
        }
    }

    /** Nobody needs the connection any more; the link stays declared. */
    public void rest(Moment moment) {
        now = moment;
        wanted = false;
        windDown();
    }

    /** The end. */
    public void close(@Nullable MeshleaseException with, Moment moment) {
        now = moment;
        if (!closing) {
            closing = true;
            wanted = false;
            closedWith = with;
            windDown();
        }
    }

    /** Connect now instead of later. */
    public void resetBackoff(Moment moment) {
        now = moment;
        backoff.reset();
        if (state == LinkState.BACKING_OFF) {
            connect();
        }
    }

    /** Queues a packet, or fails it at once if it may not wait for the link. */
    public void submit(Shipment shipment, boolean mayWait, Moment moment) {
        now = moment;
        if (state == LinkState.CLOSED || (!mayWait && state != LinkState.READY)) {
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
        evidence = new Evidence();
        decoder.reset();
        framesBefore = decoder.frames();
        skippedBefore = decoder.skippedBytes();
        unreadable = 0;
        int nonce = newNonce();
        handshake = new Handshake(nonce);
        lastProgressNanos = now.nanos();
        enter(LinkState.HANDSHAKING);
        write(ToRadio.newBuilder().setWantConfigId(nonce).build(), now);
    }

    /** Bytes came. */
    public void received(ByteBuffer bytes, Moment moment) {
        now = moment;
        if (attempt != Attempt.OPEN || !bytes.hasRemaining()) {
            return;
        }
        lastProgressNanos = now.nanos();
        if (liveness != null) {
            liveness.read(now.nanos());
        }
        if (decoder.frames() == framesBefore) {
            evidence.saw(bytes);
        }
        decoder.feed(bytes);
    }

    /** The connection, or the attempt, is over. */
    public void closed(Loss seen, Moment moment) {
        now = moment;
        if (attempt == Attempt.NONE) {
            return;
        }
        LinkLoss own = verdict;
        if (own == null && handshake != null && speaksSomethingElse()) {
            own = loss(
                    LossCause.PROTOCOL_ERROR,
                    "it is no node: it sent " + evidence.sample() + ", then " + seen.detail());
        }
        over(own != null ? own : loss(Evidence.cause(seen.kind()), seen.detail()));
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
        if (state == LinkState.READY && attempt == Attempt.OPEN && liveness != null && liveness.wantsHeartbeat(now)) {
            write(
                    ToRadio.newBuilder()
                            .setHeartbeat(Heartbeat.getDefaultInstance())
                            .build(),
                    now);
            liveness.heartbeatSent(now);
        }
        outbox.tick(now);
        if (isWindingDown() && attempt == Attempt.OPEN && !outbox.awaitsVerdict()) {
            sayGoodbye();
        }
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
        if (state == LinkState.READY && attempt == Attempt.OPEN && liveness != null && !isWindingDown()) {
            due = Due.earlier(due, liveness.dueNanos());
        }
        return due;
    }

    /** How it is. */
    public LinkStatus status() {
        return new LinkStatus(
                endpoint, state, since, generation, nextAttempt, losses.list(), Optional.ofNullable(closedWith));
    }

    /** Counts, for a person. */
    public String wire() {
        return decoder.frames() + " frames read, " + decoder.rejectedFrames() + " unreadable, " + decoder.skippedBytes()
                + " bytes skipped" + (handshake == null ? "" : "; handshake: " + handshake.progress());
    }

    // ---- messages

    private boolean onFrame(byte[] array, int offset, int length) {
        FromRadio message;
        try {
            message = FromRadio.parseFrom(CodedInputStream.newInstance(array, offset, length));
        } catch (IOException malformed) {
            if (unreadable++ == 0) {
                LOG.warn(
                        "{}: skipped a frame of {} bytes that is no message: {}",
                        endpoint,
                        length,
                        malformed.getMessage());
            }
            return false;
        }
        if (attempt == Attempt.OPEN) {
            if (handshake != null) {
                onHandshake(handshake, message);
            } else if (state == LinkState.READY) {
                onMessage(message);
            }
        }
        return true;
    }

    private void onHandshake(Handshake current, FromRadio message) {
        if (!current.accept(message)) {
            return;
        }
        if (!current.knowsTheNode()) {
            fail(LossCause.PROTOCOL_ERROR, "the node completed its handshake without telling its number");
            return;
        }
        handshake = null;
        NodeSnapshot snapshot = current.snapshot(generation, now, cursor());
        liveness = new Liveness(snapshot.metadata(), now.nanos());
        effects.ready(snapshot);
        enter(LinkState.READY);
        current.heldPackets().forEach(this::onPacket);
        outbox.linkUp(snapshot, now);
    }

    private void onMessage(FromRadio message) {
        switch (message.getPayloadVariantCase()) {
            case PACKET -> onPacket(message.getPacket());
            case QUEUESTATUS -> outbox.queueStatus(message.getQueueStatus(), now);
            case REBOOTED -> fail(LossCause.REBOOTED, "the node said that it restarted");
            default -> {} // Of interest to watchers only.
        }
        effects.message(message);
    }

    private void onPacket(MeshPacket proto) {
        position++;
        InboundPacket packet = new InboundPacket(proto, new Reception(cursor(), generation, now.wall()));
        outbox.inbound(packet, now);
        effects.packet(packet);
    }

    // ---- transitions

    private void connect() {
        nextAttempt = Optional.empty();
        verdict = null;
        attempt = Attempt.OPENING;
        attemptDueNanos = now.nanos() + CONNECT_NANOS;
        enter(LinkState.CONNECTING);
        effects.connect();
    }

    private void attemptOverdue() {
        if (attempt == Attempt.ENDING) {
            effects.abort(); // It was asked in order and did not answer in time.
            attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        } else if (isWindingDown()) {
            sayGoodbye();
        } else if (attempt == Attempt.OPENING) {
            fail(LossCause.TIMED_OUT, "no connection within " + seconds(CONNECT_NANOS));
        } else if (handshake != null) {
            handshakeOverdue(handshake);
        } else if (liveness != null && liveness.isDead(now)) {
            fail(
                    LossCause.DEAD,
                    "not a byte for " + seconds(liveness.silentForNanos(now)) + ", a heartbeat stayed unanswered");
        }
    }

    private void handshakeOverdue(Handshake stuck) {
        if (speaksSomethingElse()) {
            fail(LossCause.PROTOCOL_ERROR, "it is no node: it sent " + evidence.sample());
        } else {
            fail(LossCause.TIMED_OUT, "the handshake did not complete (" + stuck.progress() + ")");
        }
    }

    private long attemptDueNanos() {
        if (attempt != Attempt.OPEN || isWindingDown()) {
            return attemptDueNanos;
        }
        if (handshake != null) {
            return Due.earlier(lastProgressNanos + HANDSHAKE_SILENCE_NANOS, sinceNanos + HANDSHAKE_NANOS);
        }
        return liveness == null ? now.nanos() + HANDSHAKE_NANOS : liveness.dueNanos();
    }

    /** Gives the connection up, for a reason found on this side. */
    private void fail(LossCause cause, String why) {
        verdict = loss(cause, why);
        attempt = Attempt.ENDING;
        attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        effects.abort();
    }

    private void over(LinkLoss loss) {
        boolean wasReady = state == LinkState.READY;
        if (wasReady) {
            backoff.wasReadyFor(now.sinceNanos(sinceNanos));
        }
        attempt = Attempt.NONE;
        handshake = null;
        liveness = null;
        outbox.linkDown(now);
        losses.add(loss);
        if (wasReady) {
            effects.gap(cursor());
        }
        if (isWindingDown() || loss.cause() == LossCause.CLOSED_BY_US) {
            atRest();
        } else {
            backOff();
        }
    }

    private void backOff() {
        long wait = backoff.next();
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
        effects.ended();
        if (wanted && state == LinkState.IDLE) {
            connect();
        }
    }

    // ---- winding down

    private boolean isWindingDown() {
        return closing || !wanted;
    }

    private void windDown() {
        switch (attempt) {
            case NONE -> {
                if (state != LinkState.CLOSED && (closing || state != LinkState.IDLE)) {
                    atRest();
                }
            }
            case OPENING -> fail(LossCause.CLOSED_BY_US, "closed while connecting");
            case OPEN -> {
                if (outbox.awaitsVerdict()) {
                    attemptDueNanos = now.nanos() + LAST_VERDICT_NANOS;
                } else {
                    sayGoodbye();
                }
            }
            case ENDING -> {} // On its way.
        }
    }

    private void sayGoodbye() {
        verdict = loss(LossCause.CLOSED_BY_US, closedWith == null ? "closed by its holders" : "closed");
        write(ToRadio.newBuilder().setDisconnect(true).build(), now);
        attempt = Attempt.ENDING;
        attemptDueNanos = now.nanos() + HANG_UP_NANOS;
        effects.hangUp();
    }

    // ---- small things

    private void enter(LinkState next) {
        state = next;
        since = now.wall();
        sinceNanos = now.nanos();
        effects.status(status());
    }

    private void write(ToRadio message, Moment at) {
        if (liveness != null) {
            liveness.wrote(at.nanos());
        }
        effects.write(FrameEncoder.encode(message));
    }

    private int newNonce() {
        if (!options.nodeDatabase()) {
            return NONCE_WITHOUT_NODES;
        }
        int nonce;
        do {
            nonce = random.nextInt();
        } while (nonce == 0 || nonce == NONCE_WITHOUT_NODES || nonce == NONCE_NODES_ONLY);
        return nonce;
    }

    private boolean speaksSomethingElse() {
        return decoder.frames() == framesBefore && decoder.skippedBytes() > skippedBefore;
    }

    private Cursor cursor() {
        return new Cursor(number, position);
    }

    private LinkLoss loss(LossCause cause, String why) {
        return new LinkLoss(cause, now.wall(), generation, why);
    }

    private static String seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
    }
}
