package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.Recording;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A simulated node on TCP that says what a real one said, and a mesh around it that talks. */
final class EmbeddedMesh implements AutoCloseable {
    private static final String RECORDING = "45-handshake-with-nodes";
    private static final Duration BETWEEN_PACKETS = Duration.ofMillis(250);
    private static final int ROUND = 16;
    private static final int ECHO = 3;

    private final SimulatedNode node;
    private final List<SimulatedPeer> peers;
    private final Journal journal;
    private volatile int sent;
    private @Nullable Ticker talk;

    private EmbeddedMesh(SimulatedNode node, Journal journal) {
        this.node = node;
        this.peers = node.peers();
        this.journal = journal;
    }

    static EmbeddedMesh start(Journal journal) {
        try {
            SimulatedNode node = SimulatedNode.builder()
                    .recording(Recording.bundled(RECORDING))
                    .start();
            journal.say("mesh", node + " serves recording " + RECORDING);
            return new EmbeddedMesh(node, journal);
        } catch (RuntimeException failed) {
            throw new Failure("the simulated node did not start: " + failed.getMessage(), failed);
        }
    }

    Endpoint endpoint() {
        return node.endpoint();
    }

    /** How many physical connections the node has seen. */
    int connections() {
        return node.accepted();
    }

    int evictions() {
        return node.evictions();
    }

    /** How many packets the mesh has sent so far. */
    int sent() {
        return sent;
    }

    /** The mesh begins to talk. */
    void talk() {
        talk = Ticker.start("mesh", BETWEEN_PACKETS, journal, this::sendNext);
    }

    /** The mesh falls silent. */
    void hush() {
        if (talk != null) {
            talk.finish(); // so that what was sent is what was counted
        }
    }

    private void sendNext() {
        int number = sent;
        SimulatedPeer peer = peers.get(number % peers.size());
        if (number % ROUND == ECHO) {
            peer.says("/echo hello " + peer.id());
        } else {
            switch (number % 3) {
                case 0 -> peer.says("this is packet " + number + " of the mesh");
                case 1 -> peer.sends(PayloadType.POSITION, position(number));
                default -> peer.sends(PayloadType.TELEMETRY, telemetry(number));
            }
        }
        sent = number + 1;
    }

    private static Position position(int number) {
        return Position.newBuilder()
                .setLatitudeI(473_769_000 + number)
                .setLongitudeI(85_417_000 + number)
                .build();
    }

    private static Telemetry telemetry(int number) {
        return Telemetry.newBuilder()
                .setDeviceMetrics(DeviceMetrics.newBuilder().setBatteryLevel(100 - number % 100))
                .build();
    }

    @Override
    public void close() {
        hush();
        node.close();
    }
}
