package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * An engine, a clock that stands until it is told to go on, and a wire that does what the test says. The monotonic clock starts shortly
 * before it wraps, so that every test runs over the seam that only differences survive.
 */
final class EngineRig implements Connection, Audience {
    static final String FIRMWARE = "2.7.26.54e0d8d";
    static final ReconnectPolicy WITHOUT_JITTER =
            new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), 0, Duration.ofSeconds(30));

    /** The physical side as the world sees it. */
    enum Wire {
        NONE,
        OPENING,
        OPEN
    }

    final List<ToRadio> written = new ArrayList<>();
    final List<LinkStatus> statuses = new ArrayList<>();
    final List<NodeSnapshot> snapshots = new ArrayList<>();
    final List<InboundPacket> packets = new ArrayList<>();
    final List<InboundPacket> sent = new ArrayList<>();
    final List<Cursor> gaps = new ArrayList<>();
    boolean watchesMessages;
    final List<FromRadio> messages = new ArrayList<>();
    final List<LogRecord> printed = new ArrayList<>();
    final LinkEngine engine;
    /** Looks at each packet as it is written. */
    Consumer<MeshPacket> inspector = packet -> {};

    Wire wire = Wire.NONE;
    int connects;
    int hangUps;
    int aborts;
    int endings;
    int resyncs;
    private final Instant start = Instant.parse("2026-07-24T12:00:00Z");
    private final long startNanos = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();
    private long elapsedNanos;
    private Duration suspended = Duration.ZERO;
    private boolean console;
    private OptionalLong stuckSinceNanos = OptionalLong.empty();
    private int nextId = 1000;

    EngineRig() {
        this(LinkOptions.builder().reconnect(WITHOUT_JITTER).build());
    }

    EngineRig(LinkOptions options) {
        Setbacks setbacks = new Setbacks(options.reconnect(), new Random(42));
        engine = new LinkEngine(
                Endpoint.of("tcp://node"), options, 7, setbacks, new CountedIds(), new Random(42), now(), this, this);
    }

    // ---- the clock

    Moment now() {
        return new Moment(
                startNanos + elapsedNanos, start.plusNanos(elapsedNanos).plus(suspended));
    }

    /** Lets time pass, with a tick at each moment that the engine asked for. */
    EngineRig pass(Duration time) {
        long end = elapsedNanos + time.toNanos();
        while (untilDue() <= end - elapsedNanos) {
            tick(Math.max(0, untilDue()));
        }
        elapsedNanos = end;
        return this;
    }

    EngineRig passSeconds(double seconds) {
        return pass(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    /** Jumps, then ticks once: a loop that was held up. */
    void tick(long laterNanos) {
        elapsedNanos += laterNanos;
        engine.tick(now());
        assertThat(untilDue())
                .as("after a tick nothing is due at once: %s", engine.status())
                .isPositive();
    }

    long untilDue() {
        return engine.dueNanos(now()) - now().nanos();
    }

    /** This machine sleeps: the monotonic clock stands still, and nothing ticks. */
    EngineRig suspend(Duration time) {
        suspended = suspended.plus(time);
        return this;
    }

    // ---- holders

    EngineRig demand() {
        engine.demand(now());
        return this;
    }

    EngineRig rest() {
        engine.rest(now());
        return this;
    }

    EngineRig close() {
        engine.close(null, now());
        return this;
    }

    /** The wire leads to a serial console. */
    EngineRig console() {
        console = true;
        return this;
    }

    Parcel parcel(long lease, Parcel.Plan plan, Duration deadline) {
        return new Parcel(nextId++, lease, plan, now().nanos() + deadline.toNanos());
    }

    Parcel send(long lease, Parcel.Plan plan) {
        return send(parcel(lease, plan, Duration.ofMinutes(5)));
    }

    Parcel send(Parcel.Plan plan) {
        return send(1, plan);
    }

    Parcel send(Parcel parcel) {
        engine.submit(parcel, true, now());
        return parcel;
    }

    // ---- the world

    EngineRig opened() {
        assertThat(wire).isEqualTo(Wire.OPENING);
        wire = Wire.OPEN;
        engine.opened(now());
        return this;
    }

    EngineRig closed(Loss.Kind kind) {
        assertThat(wire).isNotEqualTo(Wire.NONE);
        wire = Wire.NONE;
        stuckSinceNanos = OptionalLong.empty();
        engine.closed(Loss.of(kind, "as scripted"), now());
        return this;
    }

    EngineRig unlocated() {
        wire = Wire.NONE;
        engine.neverBegan(LossCause.UNRESOLVED, "no such name", now());
        return this;
    }

    EngineRig missing() {
        wire = Wire.NONE;
        engine.neverBegan(LossCause.NO_SUCH_DEVICE, "no such device", now());
        return this;
    }

    EngineRig deviceCame() {
        engine.deviceCame(now());
        return this;
    }

    EngineRig say(FromRadio... messages) {
        for (FromRadio message : messages) {
            say(ScriptedNode.frame(message));
        }
        return this;
    }

    EngineRig say(byte[] bytes) {
        engine.received(ByteBuffer.wrap(bytes), now());
        return this;
    }

    /** Demand, connection and handshake, all at once. */
    EngineRig ready() {
        return ready(FIRMWARE);
    }

    EngineRig ready(String firmwareVersion) {
        demand();
        opened();
        return shakeHands(firmwareVersion);
    }

    EngineRig shakeHands(String firmwareVersion) {
        return shakeHands(firmwareVersion, 0);
    }

    EngineRig shakeHands(String firmwareVersion, int restarts) {
        ScriptedNode.handshake(nonce(), firmwareVersion, restarts).forEach(this::say);
        assertThat(state()).isEqualTo(LinkState.READY);
        return this;
    }

    /** Loses the connection and waits until there is another. */
    EngineRig reconnect() {
        closed(Loss.Kind.RESET);
        return retry().opened().shakeHands(FIRMWARE);
    }

    /** Waits until the next attempt begins. */
    EngineRig retry() {
        while (state() == LinkState.BACKING_OFF) {
            tick(untilDue());
        }
        return this;
    }

    // ---- what is seen

    LinkState state() {
        return engine.status().state();
    }

    List<LinkState> states() {
        return statuses.stream().map(LinkStatus::state).toList();
    }

    LinkLoss loss() {
        return engine.status().lastLoss().orElseThrow();
    }

    LossCause cause() {
        return loss().cause();
    }

    /** The nonce last asked with. */
    int nonce() {
        return written.stream()
                .filter(ToRadio::hasWantConfigId)
                .reduce((first, last) -> last)
                .orElseThrow()
                .getWantConfigId();
    }

    List<MeshPacket> sent() {
        return written.stream()
                .filter(ToRadio::hasPacket)
                .map(ToRadio::getPacket)
                .toList();
    }

    List<Integer> sentIds() {
        return sent().stream().map(MeshPacket::getId).toList();
    }

    long heartbeats() {
        return written.stream().filter(ToRadio::hasHeartbeat).count();
    }

    boolean saidGoodbye() {
        return !written.isEmpty() && written.get(written.size() - 1).getDisconnect();
    }

    // ---- effects, and what must hold whenever one comes

    @Override
    public void connect() {
        assertThat(wire).as("one connection at a time").isEqualTo(Wire.NONE);
        assertThat(state()).isEqualTo(LinkState.CONNECTING);
        wire = Wire.OPENING;
        connects++;
        hangUps = 0;
        aborts = 0;
    }

    @Override
    public void write(ByteBuffer frame) {
        if (frame.equals(FrameEncoder.resync())) {
            assertThat(console).isTrue();
            resyncs++;
            return;
        }
        ToRadio message = parse(frame);
        assertThat(wire).isEqualTo(Wire.OPEN);
        assertThat(hangUps + aborts).as("written after the end: %s", message).isZero();
        if (state() == LinkState.HANDSHAKING) {
            assertThat(message.hasWantConfigId() || message.getDisconnect())
                    .as("nothing else in a handshake: %s", message)
                    .isTrue();
        } else {
            assertThat(state()).isEqualTo(LinkState.READY);
            assertThat(message.hasWantConfigId()).isFalse();
        }
        written.add(message);
        if (message.hasPacket()) {
            inspector.accept(message.getPacket());
        }
    }

    private static ToRadio parse(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        assertThat(HexFormat.of().formatHex(bytes)).startsWith("94c3%04x".formatted(bytes.length - 4));
        try {
            return ToRadio.parseFrom(ByteBuffer.wrap(bytes, 4, bytes.length - 4));
        } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Override
    public OptionalLong stuckSinceNanos() {
        return stuckSinceNanos;
    }

    @Override
    public boolean isConsole() {
        return console;
    }

    /** From now on, or until now, the node takes nothing. */
    EngineRig stuck(boolean stuck) {
        stuckSinceNanos = stuck ? OptionalLong.of(now().nanos()) : OptionalLong.empty();
        return this;
    }

    @Override
    public void hangUp() {
        assertThat(wire).isNotEqualTo(Wire.NONE);
        if (wire == Wire.OPEN) { // Else the connection says it, if it comes about.
            assertThat(saidGoodbye()).isTrue();
        }
        assertThat(hangUps + aborts).isZero();
        hangUps++;
    }

    @Override
    public void abort() {
        assertThat(wire).isNotEqualTo(Wire.NONE);
        aborts++;
    }

    @Override
    public void status(LinkStatus status) {
        LinkState before = statuses.isEmpty()
                ? LinkState.IDLE
                : statuses.get(statuses.size() - 1).state();
        LinkPicture.takes(before, status.state());
        assertThat(status.nextAttempt().isPresent()).isEqualTo(status.state() == LinkState.BACKING_OFF);
        statuses.add(status);
    }

    @Override
    public void progress(LinkStatus status) {
        assertThat(status.state()).isEqualTo(LinkState.HANDSHAKING);
        assertThat(status.handshake()).isPresent();
    }

    @Override
    public Optional<String> identified(MyNodeInfo node) {
        return Optional.empty();
    }

    @Override
    public void ready(NodeSnapshot snapshot) {
        snapshots.add(snapshot);
    }

    @Override
    public void packet(InboundPacket packet) {
        assertThat(packet.cursor()).isEqualTo(new Cursor(7, packets.size() + sent.size() + 1));
        packets.add(packet);
    }

    @Override
    public void sent(InboundPacket packet, long lease) {
        assertThat(packet.cursor()).isEqualTo(new Cursor(7, packets.size() + sent.size() + 1));
        sent.add(packet);
    }

    @Override
    public void gap(Cursor cursor) {
        assertThat(cursor.position()).isEqualTo(packets.size() + sent.size());
        gaps.add(cursor);
    }

    @Override
    public boolean hasMessageWatch() {
        return watchesMessages;
    }

    @Override
    public void message(FromRadio message) {
        messages.add(message);
    }

    @Override
    public void printed(LogRecord line) {
        printed.add(line);
    }

    @Override
    public void ended() {
        assertThat(wire).isEqualTo(Wire.NONE);
        assertThat(state()).isIn(LinkState.IDLE, LinkState.CLOSED);
        endings++;
    }

    /** How much has come out of the engine. */
    int effects() {
        return written.size()
                + statuses.size()
                + snapshots.size()
                + packets.size()
                + gaps.size()
                + messages.size()
                + connects
                + hangUps
                + aborts
                + endings;
    }

    /** Small numbers, which are easy on the eye. */
    private static final class CountedIds implements PacketIds {
        private int next = 100_000;

        @Override
        public int reserve() {
            return next++;
        }

        @Override
        public boolean reserve(int wanted) {
            return true;
        }

        @Override
        public void release(int id) {}

        @Override
        public void written(int id) {}
    }
}
