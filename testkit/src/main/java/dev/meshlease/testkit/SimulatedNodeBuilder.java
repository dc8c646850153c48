package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says what a simulated node is to be.
 *
 * <p><b>Threading:</b> for one thread.
 */
public final class SimulatedNodeBuilder {
    private static final int FIRST_NUMBER = 0xa1000001;
    private static final int FIRST_OTHER = 0xb1000001;
    private static final int MOST_NODES = 250;
    private static final int MAX_PORT = 65535;
    private static final int MAX_NAME_BYTES = 39;
    private static final int DEVICE_ID_BYTES = 16;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int count = COUNT.getAndIncrement();
    private NodeId id = new NodeId(FIRST_NUMBER + count);
    private @Nullable ByteString deviceId;
    private String longName = "Simulated node " + (count + 1);
    private String firmwareVersion = "2.7.26.54e0d8d";
    private int nodes;
    private int port;
    private int phoneQueue = FirmwareTraits.DEFAULT.phoneQueue();
    private Duration idlePoll = FirmwareTraits.DEFAULT.idlePoll();
    private boolean ownTelemetry;
    private boolean simulatedRadio;
    private @Nullable Recording recording;
    private @Nullable String identityGiven;

    SimulatedNodeBuilder() {}

    /** Its number; by default one that no other node of this JVM has. */
    public SimulatedNodeBuilder number(NodeId id) {
        if (id.isBroadcast() || id.number() == 0) {
            throw new IllegalArgumentException(id + " cannot be the number of a node");
        }
        this.id = id;
        return given("number");
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
        deviceId = ByteString.copyFrom(bytes);
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
        longName = name;
        return given("longName");
    }

    /** The version it reports, {@code 2.7.26.54e0d8d} by default. Its behaviour stays that of 2.7.26. */
    public SimulatedNodeBuilder firmwareVersion(String version) {
        firmwareVersion = Objects.requireNonNull(version, "version");
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
        nodes = count;
        return given("nodes");
    }

    /**
     * How many packets it keeps for a client; 32 by default. A classic ESP32 keeps 8, a Linux node 100.
     *
     * @param packets at least 1
     */
    public SimulatedNodeBuilder phoneQueue(int packets) {
        if (packets < 1) {
            throw new IllegalArgumentException("The queue holds at least 1 packet, not " + packets);
        }
        phoneQueue = packets;
        return this;
    }

    /**
     * How often it looks at a session that has been quiet for 2 s. By default as often as at a busy one (5 ms), so that tests are quick;
     * a real node takes 250 ms.
     */
    public SimulatedNodeBuilder idlePoll(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("The interval must be positive, not " + interval);
        }
        idlePoll = interval;
        return this;
    }

    /** Has it report its own metrics to the client every 60 s, as real nodes do. Off by default. */
    public SimulatedNodeBuilder ownTelemetry() {
        ownTelemetry = true;
        return this;
    }

    /**
     * Makes its radio that of {@code meshtasticd -s}: each transmission is echoed as a SIMULATOR_APP packet, such packets from the client
     * are receptions, and repeated packet ids are not filtered. Off by default.
     */
    public SimulatedNodeBuilder simulatedRadio() {
        simulatedRadio = true;
        return this;
    }

    /**
     * Has it say what a recorded node said: its last complete full handshake byte for byte, and on request its traffic. The nodes it knows
     * from there are out of reach until {@link SimulatedNode#peer} is asked for them.
     */
    public SimulatedNodeBuilder recording(Recording recording) {
        this.recording = Objects.requireNonNull(recording, "recording");
        return this;
    }

    /**
     * The TCP port to listen on, on the loopback interface.
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

    private SimulatedNodeBuilder given(String what) {
        identityGiven = what;
        return this;
    }

    /**
     * Starts it on TCP at 127.0.0.1. One thread serves it; {@link SimulatedNode#close()} ends that.
     *
     * @throws java.io.UncheckedIOException if the port is taken
     * @throws IllegalStateException if there is a recording and something else that says who the node is
     */
    public SimulatedNode start() {
        return TcpFace.start(this, port);
    }

    /**
     * Starts it in memory, in virtual time, at an endpoint like {@code sim://node-1}. Reach it with
     * {@link VirtualEnvironment#registry()}; no thread serves it.
     *
     * @throws IllegalStateException if it was given a port, or there is a recording and something else that says who the node is
     */
    public SimulatedNode start(VirtualEnvironment environment) {
        if (port != 0) {
            throw new IllegalStateException(
                    "A node in memory has no port: leave out port(" + port + "), or start() it on TCP.");
        }
        return MemoryFace.start(this, environment);
    }

    /** The firmware alone, for a face of one's own. On any thread, before its host runs anything for it. */
    Firmware firmware(NodeHost host) {
        return new Firmware(profile(host), host);
    }

    /** The node as tests hold it, for a face of one's own. */
    SimulatedNode attach(Firmware firmware, NodeHost host, Endpoint endpoint, Runnable onClose) {
        return new DefaultSimulatedNode(firmware, host, endpoint, onClose);
    }

    private NodeProfile profile(NodeHost host) {
        FirmwareTraits usual = FirmwareTraits.DEFAULT;
        FirmwareTraits traits = new FirmwareTraits(
                phoneQueue,
                usual.acceptPoll(),
                usual.activePoll(),
                idlePoll,
                usual.idleTimeout(),
                usual.airtime(),
                usual.meshDelay(),
                usual.retransmitAfter(),
                ownTelemetry,
                simulatedRadio);
        if (recording != null) {
            if (identityGiven != null) {
                throw new IllegalStateException(
                        "A recorded node is who it was: leave out " + identityGiven + "(...), or the recording");
            }
            return new NodeProfile(traits, recording.dump(), List.of(), recording.traffic(), true);
        }
        List<NodeId> others = new ArrayList<>(IntStream.range(0, nodes)
                .mapToObj(i -> new NodeId(FIRST_OTHER + i))
                .filter(other -> !other.equals(id))
                .toList());
        List<DumpFrame> dump = DefaultDump.of(
                id, deviceId == null ? DefaultDump.deviceId(id) : deviceId, longName, firmwareVersion, others, (int)
                        host.time().instant().getEpochSecond());
        return new NodeProfile(traits, dump, others, List.of(), false);
    }
}
