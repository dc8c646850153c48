package dev.meshlease.testkit;

import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.internal.firmware.Peer;
import dev.meshlease.testkit.internal.firmware.Tab;
import dev.meshlease.testkit.internal.firmware.TimedPacket;
import dev.meshlease.testkit.internal.realtime.RealTimeHost;
import dev.meshlease.testkit.internal.serial.StreamCable;
import dev.meshlease.testkit.internal.transcript.Transcript;
import dev.meshlease.testkit.node.SilentDrops;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The node as tests hold it: every call becomes a task on the node's thread. */
final class DefaultSimulatedNode implements SimulatedNode {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Firmware firmware;
    private final NodeHost host;
    private final @Nullable Endpoint endpoint;
    private final NodeId id;
    private final Transcript transcript;
    private final Set<StreamCable> cables = ConcurrentHashMap.newKeySet();
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean over;

    /**
     * @param endpoint null for a node that is on a serial cable only
     * @param onClose ends the face; called once, after the firmware's connections have been ended
     */
    DefaultSimulatedNode(Firmware firmware, NodeHost host, @Nullable Endpoint endpoint, Runnable onClose) {
        this.firmware = firmware;
        this.host = host;
        this.endpoint = endpoint;
        this.onClose = onClose;
        id = new NodeId(firmware.state().number());
        transcript = firmware.witness(Transcript.class);
    }

    @Override
    public Endpoint endpoint() {
        if (endpoint == null) {
            throw new IllegalStateException("The " + this
                    + " has no endpoint of its own. Take that of the serial port which its streams belong to");
        }
        return endpoint;
    }

    @Override
    public Endpoint consoleEndpoint() {
        if (!isInVirtualTime()) {
            throw new IllegalStateException(
                    "The " + this + " lives in real time, where its console needs streams: attachSerial(in, out)");
        }
        return new Endpoint(
                MemoryTransport.SCHEME, MemoryTransport.consoleOf(endpoint().address()));
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Override
    public long seed() {
        return host.seed();
    }

    @Override
    public SimulatedPeer peer(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        return ask(() -> handle(firmware.air().peers().peer(peer)));
    }

    @Override
    public List<SimulatedPeer> peers() {
        return ask(() -> firmware.air().peers().all().stream()
                .<SimulatedPeer>map(this::handle)
                .toList());
    }

    private PeerHandle handle(Peer peer) {
        return new PeerHandle(firmware, peer, this::run);
    }

    @Override
    public void evictClient() {
        var rival = new Passerby();
        run(() -> rival.visits(firmware.doors().server()));
        if (!host.await(rival::isGone, LIMIT)) {
            throw tooSlow();
        }
    }

    @Override
    public void disconnectClient() {
        run(firmware.doors().server()::disconnectClient);
    }

    @Override
    public void reboot() {
        run(firmware::restart);
    }

    @Override
    public Injection inject(Fault... faults) {
        List<Fault> all = List.of(faults);
        return handle(ask(() -> firmware.interference().inject(all)));
    }

    @Override
    public Injection faults() {
        return handle(firmware.interference().initial());
    }

    @Override
    public void endFaults() {
        if (over) {
            return;
        }
        run(firmware.interference()::end);
        if (host instanceof MemoryFace memory) {
            memory.resume();
        }
    }

    private Injection handle(Injection injected) {
        return new Injection() {
            @Override
            public int strikes() {
                return ask(injected::strikes);
            }

            @Override
            public void close() {
                run(injected::close);
            }
        };
    }

    @Override
    public int strikes() {
        return recall(() -> firmware.interference().strikes());
    }

    @Override
    public int accepted() {
        return recall(() -> firmware.counters().accepted);
    }

    @Override
    public int muteConnections() {
        return recall(() -> firmware.counters().mute);
    }

    @Override
    public int evictions() {
        return recall(() -> firmware.counters().evictions);
    }

    @Override
    public List<MeshPacket> sent() {
        return recall(() -> firmware.sent());
    }

    @Override
    public List<MeshPacket> received() {
        return recall(() -> transcript.claims().all());
    }

    @Override
    public int claim(Predicate<? super MeshPacket> wanted) {
        Objects.requireNonNull(wanted, "wanted");
        return recall(() -> transcript.claims().claim(wanted));
    }

    @Override
    public List<MeshPacket> unclaimed() {
        return recall(() -> transcript.claims().unclaimed(id));
    }

    @Override
    public Conversation conversation() {
        return recall(() -> new Conversation(
                transcript.earlier(),
                transcript.lines().stream()
                        .map(line -> new Conversation.Line(Duration.ofNanos(line.nanos()), line.words()))
                        .toList()));
    }

    @Override
    public List<String> offences() {
        return recall(transcript::offences);
    }

    @Override
    public List<String> overlaps() {
        return recall(transcript::overlaps);
    }

    @Override
    public boolean hasClient() {
        return recall(() -> transcript.openClient().isPresent());
    }

    @Override
    public boolean isInVirtualTime() {
        return !(host instanceof RealTimeHost);
    }

    @Override
    public boolean await(Predicate<? super SimulatedNode> condition, Duration limit) {
        Objects.requireNonNull(condition, "condition");
        return host.await(() -> condition.test(this), limit);
    }

    @Override
    public SilentDrops silentDrops() {
        return recall(() -> firmware.counters().silentDrops());
    }

    @Override
    public SerialCable attachSerial(InputStream in, OutputStream out) {
        if (!(host instanceof RealTimeHost)) {
            throw new IllegalStateException(
                    "The " + this
                            + " lives in virtual time, and streams do not: they block. Start it on TCP or on the streams alone");
        }
        return plug(in, out, firmware.doors().console()::plug);
    }

    /** Turns the node on at a serial cable. */
    void turnOn(InputStream in, OutputStream out) {
        var unused = plug(in, out, firmware.doors().console()::turnOn);
    }

    private SerialCable plug(InputStream in, OutputStream out, Function<ClientWire, ClientSession> plug) {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        StreamCable cable = ask(() -> new StreamCable(host, in, out, plug));
        cables.add(cable);
        return new SerialCable() {
            @Override
            public boolean isPlugged() {
                return cable.isPlugged();
            }

            @Override
            public void close() {
                cables.remove(cable);
                cable.pull();
            }
        };
    }

    @Override
    public ForgottenTab forgottenTab(Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("A browser tab polls now and then, not every " + every);
        }
        Tab tab = ask(() -> firmware.doors().tab(every));
        return new ForgottenTab() {
            @Override
            public int packets() {
                return ask(tab::packets);
            }

            @Override
            public int others() {
                return ask(tab::others);
            }

            @Override
            public void close() {
                run(() -> firmware.doors().close(tab));
            }
        };
    }

    @Override
    public void replayTraffic() {
        replay(null);
    }

    @Override
    public void replayTraffic(Duration spacing) {
        if (spacing.isNegative()) {
            throw new IllegalArgumentException("Packets cannot be " + spacing + " apart");
        }
        replay(spacing);
    }

    private void replay(@Nullable Duration spacing) {
        if (!firmware.profile().isRecorded()) {
            throw new IllegalStateException(
                    "This node has no recording to replay. Give it one: SimulatedNode.builder().recording(...)");
        }
        run(() -> {
            long next = 0;
            for (TimedPacket timed : firmware.profile().traffic()) {
                host.schedule(spacing == null ? timed.atNanos() : next, () -> firmware.toPhone(timed.packet()));
                next += spacing == null ? 0 : spacing.toNanos();
            }
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                run(firmware::close);
            } finally {
                cables.forEach(StreamCable::pull);
                onClose.run();
            }
            over = true;
        }
    }

    @Override
    public String toString() {
        String place = endpoint == null ? "on a serial cable" : "at " + endpoint;
        return "simulated node " + id + " " + place + " (seed " + seed() + ")";
    }

    private void run(Runnable task) {
        ask(() -> {
            task.run();
            return true;
        });
    }

    /** What a node has seen is known after its end too, when no thread of its own touches it any more. */
    private <T> T recall(Supplier<T> question) {
        if (!over) {
            return ask(question);
        }
        synchronized (transcript) {
            return question.get();
        }
    }

    private <T> T ask(Supplier<T> question) {
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        host.execute(() -> {
            try {
                answer.set(question.get());
            } catch (RuntimeException thrown) {
                failure.set(thrown);
            }
        });
        if (!host.await(() -> answer.get() != null || failure.get() != null, LIMIT)) {
            throw tooSlow();
        }
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        return Objects.requireNonNull(answer.get());
    }

    private IllegalStateException tooSlow() {
        String why = Thread.currentThread().isInterrupted()
                ? ": the waiting thread was interrupted"
                : " within " + LIMIT.toSeconds() + " s. Has it been closed, or is its thread blocked?";
        return new IllegalStateException("The " + this + " did not answer" + why);
    }
}
