package dev.meshlease.internal.link;

import dev.meshlease.HandshakeProgress;
import dev.meshlease.LossCause;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ToRadio;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with the node over one connection: first the handshake; once that is complete, packets, verdicts and heartbeats. It
 * tells what the node did wrong ({@link #fault}); what follows from that is for the {@link LinkEngine}.
 *
 * <p>The node is asked once. A second question before the first is answered makes firmware up to 2.7.26 start over with a stale index,
 * and skip channels; so a node that stays silent is given up, and asked over a new connection. Only a node that says it restarted is asked
 * anew, since it has forgotten the question.
 */
final class Session {
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** Its nonce stays 0: with 1 the node tells the whole mesh of itself. */
    static final ToRadio HEARTBEAT =
            ToRadio.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();

    /** Many times what the largest node tells; beyond it, what it tells would only fill the memory. */
    static final int MOST_MESSAGES = 20_000;

    /** What the node did, or failed to do in time. */
    record Fault(LossCause cause, String why) {}

    private final long generation;
    private final IntSupplier nonces;
    private final MessageReader reader;
    private final PacketStream stream;
    private final Outbox outbox;
    private final Connection connection;
    private final Audience audience;
    private final Consumer<NodeSnapshot> onReady;
    private final SelfInquiry selfInquiry;
    private final long openedNanos;
    private long lastReadNanos;
    private Handshake handshake;
    private int handshakeMessages;
    private @Nullable Liveness liveness;
    private NodeId node = new NodeId(0);
    private @Nullable Fault fault;
    private Moment now;

    Session(
            long generation,
            Handshake handshake,
            IntSupplier nonces,
            MessageReader reader,
            PacketStream stream,
            Outbox outbox,
            Connection connection,
            Audience audience,
            Consumer<NodeSnapshot> onReady,
            Moment now) {
        this.generation = generation;
        this.nonces = nonces;
        this.reader = reader;
        this.stream = stream;
        this.outbox = outbox;
        this.connection = connection;
        this.audience = audience;
        this.onReady = onReady;
        this.openedNanos = now.nanos();
        this.lastReadNanos = now.nanos();
        this.handshake = handshake;
        this.selfInquiry = new SelfInquiry(audience);
        this.now = now;
        reader.restart(this::onMessage);
    }

    /** When the connection came about. */
    long openedNanos() {
        return openedNanos;
    }

    // ---- speaking

    /** Asks the node to tell its configuration. */
    void ask(Moment moment) {
        write(ToRadio.newBuilder().setWantConfigId(handshake.nonce()).build(), moment);
    }

    /** Shows that it is alive, where that is due. */
    void keepTalking(Moment moment) {
        Liveness life = liveness;
        if (life != null && life.wantsToAsk(moment)) {
            write(life.asksByHeartbeat() ? HEARTBEAT : selfInquiry.next(node), moment);
            life.asked(moment);
        }
    }

    void goodbye(Moment moment) {
        write(ToRadio.newBuilder().setDisconnect(true).build(), moment);
    }

    void write(ToRadio message, Moment moment) {
        if (liveness != null) {
            liveness.wrote(moment.nanos());
        }
        connection.write(FrameEncoder.encode(message));
    }

    /** The connection is no more. */
    void over() {
        selfInquiry.over();
    }

    // ---- listening

    void read(ByteBuffer bytes, Moment moment) {
        now = moment;
        lastReadNanos = moment.nanos();
        if (liveness != null) {
            liveness.read(moment.nanos());
        }
        reader.read(bytes);
    }

    private void onMessage(FromRadio message) {
        if (fault != null) {
            return; // It is over; what else was in that read is not to be trusted.
        }
        if (liveness == null) {
            onHandshake(message);
            return;
        }
        switch (message.getPayloadVariantCase()) {
            case PACKET -> onPacket(message.getPacket());
            case QUEUESTATUS -> outbox.queueStatus(message.getQueueStatus(), now);
            case REBOOTED -> fault = new Fault(LossCause.REBOOTED, "the node said that it restarted");
            default -> {} // Of interest to watchers only.
        }
        audience.message(message);
    }

    private void onHandshake(FromRadio message) {
        handshakeMessages++;
        if (handshakeMessages > MOST_MESSAGES) {
            fault = new Fault(
                    LossCause.PROTOCOL_ERROR,
                    "its handshake has no end: " + MOST_MESSAGES + " messages, and still not complete");
        } else if (message.hasRebooted()) {
            askAgain(); // What it told before is void, and it has forgotten the question.
        } else if (handshake.accept(message)) {
            if (handshake.isOfAnotherNode()) {
                askAgain(); // What it left out is not known.
            } else if (handshake.knowsTheNode()) {
                ready();
            } else {
                fault = new Fault(
                        LossCause.PROTOCOL_ERROR, "the node completed its handshake without telling its number");
            }
        }
    }

    /** For all there is. */
    private void askAgain() {
        handshake = new Handshake(nonces.getAsInt(), null);
        ask(now);
    }

    private void ready() {
        NodeSnapshot snapshot = handshake.snapshot(generation, now, stream.here());
        node = snapshot.id();
        liveness = new Liveness(snapshot.metadata(), now.nanos());
        audience.ready(snapshot);
        onReady.accept(snapshot);
        handshake.heldPackets().forEach(this::onPacket);
        if (handshake.lostPackets() > 0) {
            audience.gap(stream.here());
        }
    }

    private void onPacket(MeshPacket proto) {
        if (selfInquiry.isAnswer(proto)) {
            return;
        }
        InboundPacket packet =
                new InboundPacket(outbox.restored(proto), new Reception(stream.next(), generation, now.wall()));
        outbox.inbound(packet, proto.getDecoded().getRequestId(), now);
        audience.packet(packet);
    }

    // ---- judgement

    /** When the node will have taken too long, or is to be spoken to. */
    long dueNanos() {
        long due = liveness != null
                ? liveness.dueNanos()
                : Due.earlier(lastReadNanos + SILENCE_NANOS, openedNanos + HANDSHAKE_NANOS);
        OptionalLong stuck = connection.stuckSinceNanos();
        return stuck.isEmpty() ? due : Due.earlier(due, stuck.getAsLong() + WRITE_NANOS);
    }

    /** Why the connection is not worth keeping, if there is a reason. */
    Optional<Fault> fault(Moment moment) {
        if (fault == null) {
            OptionalLong stuck = connection.stuckSinceNanos();
            if (stuck.isPresent() && moment.isAtOrAfter(stuck.getAsLong() + WRITE_NANOS)) {
                fault = new Fault(
                        LossCause.DEAD,
                        "the node took nothing of what was written for " + TimeUnit.NANOSECONDS.toSeconds(WRITE_NANOS)
                                + " s");
            } else if (liveness == null) {
                fault = handshakeFault(moment);
            } else if (liveness.isDead(moment)) {
                String silent = TimeUnit.NANOSECONDS.toSeconds(moment.sinceNanos(lastReadNanos)) + " s";
                fault = new Fault(LossCause.DEAD, "not a byte for " + silent + ", a question stayed unanswered");
            }
        }
        return Optional.ofNullable(fault);
    }

    private @Nullable Fault handshakeFault(Moment moment) {
        if (!moment.isAtOrAfter(lastReadNanos + SILENCE_NANOS) && !moment.isAtOrAfter(openedNanos + HANDSHAKE_NANOS)) {
            return null;
        }
        return foreignSpeech()
                .map(speech -> new Fault(LossCause.PROTOCOL_ERROR, speech))
                .orElseGet(() -> new Fault(
                        LossCause.TIMED_OUT, "the handshake did not complete (" + handshake.progress() + ")"));
    }

    /** What came if there came bytes but never a message. */
    Optional<String> foreignSpeech() {
        return liveness == null ? reader.foreignSpeech() : Optional.empty();
    }

    /** How far the handshake is, unless it is complete. */
    Optional<HandshakeProgress> progress() {
        return liveness == null ? Optional.of(handshake.progress()) : Optional.empty();
    }
}
