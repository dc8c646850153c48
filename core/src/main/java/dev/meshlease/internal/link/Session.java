package dev.meshlease.internal.link;

import dev.meshlease.HandshakeProgress;
import dev.meshlease.LossCause;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with the node over a connection: first the handshake; once that is complete, packets, verdicts and heartbeats. It
 * tells what the node did wrong ({@link #fault}); what follows from that is for the {@link LinkEngine}.
 *
 * <p>The node is asked once. A second question before the first is answered makes firmware up to 2.7.26 start over with a stale index,
 * and skip channels; so a node that stays silent is given up, and asked over a new connection. Only a node that says it restarted is asked
 * anew, since it has forgotten the question; and a serial console is, until the answer begins, since a chip that starts hears nothing.
 */
final class Session implements MessageReader.Hearer {
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(45);
    static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long UNHEARD_NANOS = TimeUnit.SECONDS.toNanos(3);
    static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** Its nonce stays 0: with 1 the node tells the whole mesh of itself. */
    static final ToRadio HEARTBEAT =
            ToRadio.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();

    /** Many times what the largest node tells; beyond it, what it tells would only fill the memory. */
    static final int MOST_MESSAGES = 20_000;

    /** What the node did, or failed to do in time. */
    record Fault(LossCause cause, String why) {
        /** What the wire says it is. */
        static Fault of(Loss seen) {
            return new Fault(Evidence.cause(seen.kind()), seen.detail());
        }
    }

    private final long generation;
    private final Wishes wishes;
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
    private long askedNanos;
    private @Nullable Liveness liveness;
    private @Nullable ConsoleWatch console;
    private NodeId node = new NodeId(0);
    private @Nullable Fault fault;
    private Moment now;

    Session(
            long generation,
            Wishes wishes,
            MessageReader reader,
            PacketStream stream,
            Outbox outbox,
            Connection connection,
            Audience audience,
            SelfInquiry selfInquiry,
            Consumer<NodeSnapshot> onReady,
            Moment now) {
        this.generation = generation;
        this.wishes = wishes;
        this.reader = reader;
        this.stream = stream;
        this.outbox = outbox;
        this.connection = connection;
        this.audience = audience;
        this.onReady = onReady;
        this.openedNanos = now.nanos();
        this.lastReadNanos = now.nanos();
        this.handshake = wishes.next(now);
        this.selfInquiry = selfInquiry;
        this.now = now;
        reader.restart(this);
    }

    /** When it began. */
    long openedNanos() {
        return openedNanos;
    }

    // ---- speaking

    /** Asks the node to tell its configuration. */
    void ask(Moment moment) {
        askedNanos = moment.nanos();
        write(ToRadio.newBuilder().setWantConfigId(handshake.nonce()).build(), moment);
    }

    /** Shows that it is alive, and asks again, where that is due. */
    void keepTalking(Moment moment) {
        Liveness life = liveness;
        if (life != null && life.wantsToAsk(moment)) {
            write(life.asksByHeartbeat() ? HEARTBEAT : selfInquiry.next(node), moment);
            life.asked(moment);
        }
        ConsoleWatch watch = console;
        if (watch != null && watch.wantsToAsk(moment)) {
            write(selfInquiry.next(node), moment);
            watch.asked(moment);
        } else if (isUnheard() && moment.isAtOrAfter(askedNanos + UNHEARD_NANOS)) {
            connection.write(
                    FrameEncoder.resync()); // Whoever had the port before may have left half a frame in the node.
            ask(moment);
        }
    }

    /** Whether the question may have gone to a chip that was starting; a dump that has begun must not be asked for again. */
    private boolean isUnheard() {
        return liveness == null && connection.isConsole() && !handshake.hasBegun();
    }

    void goodbye(Moment moment) {
        write(ToRadio.newBuilder().setDisconnect(true).build(), moment);
    }

    void write(ToRadio message, Moment moment) {
        if (liveness != null) {
            liveness.wrote(moment.nanos());
        }
        if (console != null) {
            console.wrote(moment);
        }
        connection.write(FrameEncoder.encode(message));
    }

    // ---- listening

    void read(ByteBuffer bytes, Moment moment) {
        now = moment;
        lastReadNanos = moment.nanos();
        if (liveness != null) {
            liveness.read(moment.nanos());
        }
        reader.read(bytes);
        if (connection.isConsole()) {
            reader.takeBootText().ifPresent(this::onBootText);
        }
    }

    private void onBootText(String line) {
        if (liveness == null) {
            handshake = handshake.hasBegun() ? wishes.whole() : handshake; // To be asked for once the chip listens.
        } else if (fault == null) {
            fault = new Fault(LossCause.REBOOTED, "the serial console printed '" + line + "'");
        }
    }

    @Override
    public boolean wantsWholeMessages() {
        return liveness == null || audience.hasMessageWatch();
    }

    @Override
    public void packet(WirePacket packet) {
        if (fault == null) { // Else it is over; what else was in that read is not to be trusted.
            onPacket(packet);
        }
    }

    @Override
    public void message(FromRadio message) {
        if (fault != null) {
            return; // As above.
        }
        if (liveness == null) {
            onHandshake(message);
            return;
        }
        switch (message.getPayloadVariantCase()) {
            case PACKET -> onPacket(WirePacket.of(message.getPacket()));
            case QUEUESTATUS -> onQueueStatus(message.getQueueStatus());
            case LOG_RECORD -> {} // Says nothing of what it reads.
            case REBOOTED -> fault = new Fault(LossCause.REBOOTED, "the node said that it restarted");
            default -> outbox.spoken(now); // Of interest to watchers only.
        }
        audience.message(message);
    }

    @Override
    public void printed(LogRecord line) {
        if (connection.isConsole()) { // Elsewhere it is noise.
            audience.printed(line);
        }
    }

    private void onQueueStatus(QueueStatus status) {
        if (console != null && status.getMeshPacketId() != 0) {
            console.heardOfPacket(now);
        }
        outbox.spoken(now);
        takesOwnAnswer(status.getMeshPacketId());
        outbox.queueStatus(status, now);
    }

    private void onHandshake(FromRadio message) {
        if (message.hasLogRecord()) { // A node that logs does so at all times.
            audience.printed(message.getLogRecord());
            return;
        }
        handshakeMessages++;
        if (handshakeMessages > MOST_MESSAGES) {
            fault = new Fault(
                    LossCause.PROTOCOL_ERROR,
                    "its handshake has no end: " + MOST_MESSAGES + " messages, and still not complete");
        } else if (message.hasRebooted()) {
            askAgain(); // What it told before is void, and it has forgotten the question.
        } else if (message.hasMyInfo() && message.getMyInfo().getMyNodeNum() != 0 && isElsewhere(message.getMyInfo())) {
            return;
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

    /** Whether the node is one that another link has. */
    private boolean isElsewhere(MyNodeInfo node) {
        audience.identified(node).ifPresent(why -> fault = new Fault(LossCause.CLAIM_HELD, why));
        return fault != null;
    }

    /** For all there is. */
    private void askAgain() {
        handshake = wishes.whole();
        ask(now);
    }

    private void ready() {
        NodeSnapshot snapshot = handshake.snapshot(generation, now, stream.here());
        node = snapshot.id();
        liveness = new Liveness(snapshot.metadata(), now.nanos());
        console = connection.isConsole() ? new ConsoleWatch(now) : null;
        audience.ready(snapshot);
        onReady.accept(snapshot);
        handshake.heldPackets().forEach(held -> tell(WirePacket.of(held)));
        if (handshake.lostPackets() > 0) {
            audience.gap(stream.here());
        }
    }

    private void onPacket(WirePacket packet) {
        if (console != null) {
            console.heardOfPacket(now);
        }
        outbox.spoken(now);
        tell(packet);
    }

    private void tell(WirePacket wire) {
        if (takesOwnAnswer(wire.requestId())) {
            return;
        }
        InboundPacket packet = new InboundPacket(outbox.restored(wire), stream.next(wire, generation, now));
        audience.packet(packet); // First: it may free the way for one that is sent, which comes later in the stream.
        outbox.inbound(packet, wire.requestId(), now);
    }

    /** Notes what is about a question of the link's own, which nobody else has to know of; tells whether it is. */
    private boolean takesOwnAnswer(int id) {
        boolean isOwn = selfInquiry.isAbout(id);
        if (isOwn && liveness != null) {
            liveness.answered();
        }
        return isOwn;
    }

    // ---- judgement

    /** When the node will have taken too long, or is to be spoken to. */
    long dueNanos() {
        long due = liveness != null
                ? liveness.dueNanos()
                : Due.earlier(lastReadNanos + silenceNanos(), openedNanos + HANDSHAKE_NANOS);
        if (isUnheard()) {
            due = Due.earlier(due, askedNanos + UNHEARD_NANOS);
        } else if (console != null) {
            due = Due.earlier(due, console.dueNanos());
        }
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
            } else if (console != null) {
                fault = console.mute(moment).orElse(null);
            }
        }
        return Optional.ofNullable(fault);
    }

    /** Whether the node is known to have forgotten this side, without having said so. */
    Optional<Fault> forgotten(Moment moment) {
        return console == null ? Optional.empty() : console.forgotten(moment);
    }

    /** Why the connection has ended, by what the wire says and by what was heard before. */
    Fault judge(Loss seen) {
        return foreignSpeech()
                .map(sample -> noNode(sample + ", then " + seen.detail()))
                .orElseGet(() -> new Fault(Evidence.cause(seen.kind()), seen.detail() + printed()));
    }

    private static Fault noNode(String sample) {
        return new Fault(LossCause.PROTOCOL_ERROR, "it is no node: it sent " + sample);
    }

    private @Nullable Fault handshakeFault(Moment moment) {
        if (!moment.isAtOrAfter(lastReadNanos + silenceNanos()) && !moment.isAtOrAfter(openedNanos + HANDSHAKE_NANOS)) {
            return null;
        }
        return foreignSpeech()
                .map(Session::noNode)
                .orElseGet(() -> new Fault(
                        LossCause.TIMED_OUT,
                        "the handshake did not complete (" + handshake.progress() + ")" + printed()));
    }

    /** How long a node may say nothing. One at a serial console may be starting, and starts over if the port is opened anew. */
    private long silenceNanos() {
        return isUnheard() ? STARTING_NANOS : SILENCE_NANOS;
    }

    /** What came if there came bytes but never a message; not at a console, where everybody prints. */
    private Optional<String> foreignSpeech() {
        return liveness == null && !connection.isConsole() ? reader.foreignSpeech() : Optional.empty();
    }

    /** What a console printed instead of an answer, for a person. */
    private String printed() {
        return liveness == null && connection.isConsole()
                ? reader.foreignSpeech().map(sample -> ", it printed " + sample).orElse("")
                : "";
    }

    /** How far the handshake is, unless it is complete. */
    Optional<HandshakeProgress> progress() {
        return liveness == null ? Optional.of(handshake.progress()) : Optional.empty();
    }
}
