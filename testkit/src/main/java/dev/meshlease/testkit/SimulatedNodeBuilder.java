package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.internal.fault.Faults;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.internal.firmware.Settings;
import dev.meshlease.testkit.internal.firmware.Witness;
import dev.meshlease.testkit.internal.realtime.RealTimeHost;
import dev.meshlease.testkit.internal.tcp.TcpFace;
import dev.meshlease.testkit.internal.transcript.Transcript;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says what a simulated node is to be.
 *
 * <p><b>Threading:</b> for one thread.
 */
public final class SimulatedNodeBuilder {
    private static final int FIRST_NUMBER = 0xa1000001;
    private static final int MOST_NODES = 250;
    private static final int CHANNELS = 8;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int MAX_PORT = 65535;
    private static final int MAX_NAME_BYTES = 39;
    private static final int DEVICE_ID_BYTES = 16;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int count = COUNT.getAndIncrement();
    private final Origin origin = new Origin(new NodeId(FIRST_NUMBER + count), "Simulated node " + (count + 1));
    private Variant variant = Variant.standard();
    private FirmwareProfile firmware = FirmwareProfile.V2_7;
    private Behaviour own = Behaviour.usual();
    private final List<Function<NodeHost, Witness>> witnesses = new ArrayList<>();
    private @Nullable InetAddress address;
    private int port;
    private @Nullable Long seed;
    private final List<Fault> faults = new ArrayList<>();
    private @Nullable SimulatedMesh mesh;

    SimulatedNodeBuilder() {}

    /** Its number; by default one that no other node of this JVM has. */
    public SimulatedNodeBuilder number(NodeId id) {
        if (id.isBroadcast() || id.number() == 0) {
            throw new IllegalArgumentException(id + " cannot be the number of a node");
        }
        origin.id(id);
        return this;
    }

    /**
     * The id of its hardware; by default made of its number.
     *
     * @param bytes 16 bytes, or none at all as some builds have it
     */
    public SimulatedNodeBuilder deviceId(byte[] bytes) {
        if (bytes.length != 0 && bytes.length != DEVICE_ID_BYTES) {
            throw new IllegalArgumentException("A device id has 16 bytes or none, not " + bytes.length);
        }
        origin.deviceId = ByteString.copyFrom(bytes);
        return given("deviceId");
    }

    /**
     * The owner's name for it.
     *
     * @param name at most 39 bytes of UTF-8
     */
    public SimulatedNodeBuilder longName(String name) {
        if (ByteString.copyFromUtf8(name).size() > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("A long name has at most 39 bytes; '" + name + "' has more");
        }
        origin.longName = name;
        return given("longName");
    }

    /** The kind of node; {@link Variant#standard()} if nothing else is said. */
    public SimulatedNodeBuilder variant(Variant variant) {
        this.variant = Objects.requireNonNull(variant, "variant");
        return this;
    }

    /** The firmware it behaves like, and whose version it reports; {@link FirmwareProfile#V2_7} if nothing else is said. */
    public SimulatedNodeBuilder firmware(FirmwareProfile firmware) {
        this.firmware = Objects.requireNonNull(firmware, "firmware");
        return this;
    }

    /**
     * Sets one point of its behaviour, whatever the variant and the firmware say.
     *
     * @throws IllegalArgumentException if the value is not one of the switch
     */
    public <T> SimulatedNodeBuilder with(Switch<T> point, T value) {
        own = own.with(point, value);
        return this;
    }

    /** Sets several points of its behaviour, whatever the variant and the firmware say. */
    public SimulatedNodeBuilder with(Behaviour points) {
        own = own.with(points);
        return this;
    }

    /** The version it reports, that of its firmware by default. Its behaviour is that of {@link #firmware(FirmwareProfile)}. */
    public SimulatedNodeBuilder firmwareVersion(String version) {
        origin.version = Objects.requireNonNull(version, "version");
        return given("firmwareVersion");
    }

    /**
     * How many other nodes it knows, all of them within reach; none by default.
     *
     * @param count 0 to 250
     */
    public SimulatedNodeBuilder nodes(int count) {
        if (count < 0 || count > MOST_NODES) {
            throw new IllegalArgumentException("A node knows 0 to " + MOST_NODES + " others, not " + count);
        }
        origin.nodes = count;
        return given("nodes");
    }

    /**
     * Has it say what a recorded node said: its last complete full handshake byte for byte, and on request its traffic. The nodes it knows
     * from there are out of reach until {@link SimulatedNode#peer} is asked for them.
     */
    public SimulatedNodeBuilder recording(Recording recording) {
        origin.recording = Objects.requireNonNull(recording, "recording");
        return this;
    }

    /**
     * Presets a section of its settings, which otherwise are those of a node nobody has configured but for its region (US). A node that
     * finds its state in its {@link #directory} has its settings from there.
     *
     * @throws IllegalArgumentException if it has no section
     */
    public SimulatedNodeBuilder config(Config section) {
        if (section.getPayloadVariantCase() == Config.PayloadVariantCase.PAYLOADVARIANT_NOT_SET) {
            throw new IllegalArgumentException("A Config without a section presets nothing");
        }
        return preset("config", settings -> settings.put(section));
    }

    /**
     * Presets a section of its modules' settings, like {@link #config}.
     *
     * @throws IllegalArgumentException if it has no section
     */
    public SimulatedNodeBuilder moduleConfig(ModuleConfig section) {
        if (section.getPayloadVariantCase() == ModuleConfig.PayloadVariantCase.PAYLOADVARIANT_NOT_SET) {
            throw new IllegalArgumentException("A ModuleConfig without a section presets nothing");
        }
        return preset("moduleConfig", settings -> settings.put(section));
    }

    /**
     * Presets a channel slot, like {@link #config}; a new primary channel makes the one before secondary.
     *
     * @throws IllegalArgumentException if its index is not 0 to 7
     */
    public SimulatedNodeBuilder channel(Channel channel) {
        if (channel.getIndex() < 0 || channel.getIndex() >= CHANNELS) {
            throw new IllegalArgumentException("Channels go from 0 to 7, not " + channel.getIndex());
        }
        return preset("channel", settings -> settings.put(channel));
    }

    private SimulatedNodeBuilder preset(String what, Predicate<Settings> preset) {
        origin.preset(what, preset);
        return this;
    }

    /**
     * Has it keep its state (number, names, settings, keys, node database) in a directory, and go on with what it finds there. The state
     * is saved a second after a change at the latest, and when the node is closed or restarts: a process that is killed loses the last
     * second. One node at a time may use the directory, which is made if it is missing.
     */
    public SimulatedNodeBuilder directory(Path directory) {
        origin.directory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /** Has it forget at the start what its {@link #directory} holds. */
    public SimulatedNodeBuilder eraseFirst() {
        origin.erasing = true;
        return this;
    }

    /**
     * What to do when a client ends the simulation ({@code exit_simulator}, or {@code shutdown_seconds}) of a {@link
     * dev.meshlease.testkit.node.Variant#nativeDaemon() daemon} or a node with {@link Switch#SIMULATED_RADIO}: it goes down as in a restart
     * and stays so. On the node's thread: it must not wait for the node.
     */
    public SimulatedNodeBuilder onExit(Runnable action) {
        origin.onExit = Objects.requireNonNull(action, "action");
        return this;
    }

    /**
     * Has it hear the other nodes of a mesh, and be heard by them. They know each other from its start on.
     *
     * @param mesh a mesh that has no node of that number yet
     */
    public SimulatedNodeBuilder mesh(SimulatedMesh mesh) {
        this.mesh = Objects.requireNonNull(mesh, "mesh");
        return this;
    }

    /**
     * What all that it leaves to chance depends on, such as the moments at which it looks at its clients: with the same seed it does the
     * same again. By default one of its own, or that of the {@link VirtualEnvironment}; {@link SimulatedNode#seed()} tells it.
     */
    public SimulatedNodeBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Has faults strike it from the start, besides those given before; {@link SimulatedNode#faults()} tells how often they do. Nothing goes
     * wrong by default.
     */
    public SimulatedNodeBuilder fault(Fault... faults) {
        this.faults.addAll(List.of(faults));
        return this;
    }

    /**
     * The TCP port to listen on, on the loopback interface if no {@link #address} is named.
     *
     * @param port 1 to 65535, or 0 (the default) for a free one
     */
    public SimulatedNodeBuilder port(int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("Ports go from 0 to " + MAX_PORT + ", not " + port);
        }
        this.port = port;
        return this;
    }

    /**
     * The address to listen on, instead of that of the loopback interface. Whoever reaches it can use the node.
     *
     * @param address an address of this machine
     */
    public SimulatedNodeBuilder address(InetAddress address) {
        this.address = Objects.requireNonNull(address, "address");
        return this;
    }

    /** Has somebody told what happens to it, as often as this is called. */
    public SimulatedNodeBuilder listener(NodeListener listener) {
        Objects.requireNonNull(listener, "listener");
        witnesses.add(host -> new Listening(listener));
        return this;
    }

    /**
     * Has what it and its clients say written to a file, in the format that {@link Recording} describes, line by line as it happens. One that is
     * there is replaced. If it cannot be written any more later on, that is logged once, and the node goes on.
     */
    public SimulatedNodeBuilder recordTo(Path file) {
        Objects.requireNonNull(file, "file");
        witnesses.add(host -> new ConversationFile(file, firmware.version(), host.time()));
        return this;
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(LOOPBACK);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private SimulatedNodeBuilder given(String what) {
        origin.given(what);
        return this;
    }

    /**
     * Starts it on TCP. Two threads serve all nodes of this JVM; they end with the last one's {@link SimulatedNode#close()}.
     *
     * @throws java.io.UncheckedIOException if the port is taken, the recording cannot be written, or the state in its directory cannot be read or is damaged
     * @throws IllegalArgumentException if its mesh has a node of its number already
     * @throws IllegalStateException if there is a recording and something else that says who the node is
     */
    public SimulatedNode start() {
        TcpFace face = TcpFace.start(
                new InetSocketAddress(address == null ? loopback() : address, port), realTimeSeed(), this::firmware);
        return attach(face.firmware(), face.host(), face.endpoint(), face::stop);
    }

    /**
     * Starts it in memory, in virtual time, at an endpoint like {@code sim://node-1}. Reach it with
     * {@link VirtualEnvironment#registry()}; no thread serves it.
     *
     * @throws java.io.UncheckedIOException if the state in its directory cannot be read or is damaged
     * @throws IllegalArgumentException if its mesh has a node of its number already
     * @throws IllegalStateException if it was given a port, or there is a recording and something else that says who the node is
     */
    public SimulatedNode start(VirtualEnvironment environment) {
        if (port != 0) {
            throw new IllegalStateException(
                    "A node in memory has no port: leave out port(" + port + "), or start() it on TCP.");
        }
        return MemoryFace.start(this, environment);
    }

    /**
     * Turns it on at a serial cable: its console talks over two streams, and nothing else leads to it. What {@link
     * SimulatedNode#attachSerial} says of the streams holds here, too. {@link Variant#serialConsole()} is a board to go with it.
     *
     * @param in what the client writes
     * @param out what the client reads
     * @throws IllegalStateException if it was given a port, or there is a recording and something else that says who the node is
     */
    public SimulatedNode start(InputStream in, OutputStream out) {
        if (port != 0) {
            throw new IllegalStateException("A node on a serial cable has no port: leave out port(" + port
                    + "), or start() it on TCP and attachSerial(...)");
        }
        RealTimeHost host = RealTimeHost.start(realTimeSeed());
        boolean started = false;
        try {
            var node = new DefaultSimulatedNode(firmware(host), host, null, host::stop);
            node.turnOn(in, out);
            started = true;
            return node;
        } finally {
            if (!started) {
                host.stop();
            }
        }
    }

    private long realTimeSeed() {
        return seed == null ? new SplittableRandom().nextLong() : seed;
    }

    /** What {@link #seed(long)} was told, if anything. */
    @Nullable
    Long seed() {
        return seed;
    }

    /** The firmware alone, for a face of one's own. On any thread, before its host runs anything for it. */
    Firmware firmware(NodeHost host) {
        Behaviour behaviour = variant.behaviour(firmware).with(own);
        int now = (int) host.time().instant().getEpochSecond();
        Firmware made = new Firmware(
                origin.profile(variant, firmware, behaviour, now),
                host,
                its -> new Faults(its, host, List.copyOf(faults)));
        made.watch(new Transcript(host.time()));
        witnesses.forEach(witness -> made.watch(witness.apply(host)));
        if (mesh != null) {
            made.air().join(mesh.ether());
        }
        return made;
    }

    /** The node as tests hold it, for a face of one's own. */
    SimulatedNode attach(Firmware firmware, NodeHost host, Endpoint endpoint, Runnable onClose) {
        return new DefaultSimulatedNode(firmware, host, endpoint, onClose);
    }
}
