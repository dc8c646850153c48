package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryFaceTest {
    private static final int NONCE = 4711;
    private static final byte[] HANDSHAKE = NodeFraming.frame(
            ToRadio.newBuilder().setWantConfigId(NONCE).build().toByteArray());

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final SimulatedNode node = start(environment);

    private static SimulatedNode start(VirtualEnvironment environment) {
        return SimulatedNode.builder()
                .number(new NodeId(0x11223344))
                .longName("Base")
                .nodes(3)
                .start(environment);
    }

    private static MemoryClient shakesHands(VirtualEnvironment environment) {
        MemoryClient client = MemoryClient.open(environment, "node-1");
        client.writes(HANDSHAKE);
        environment.advance(Duration.ofSeconds(10));
        return client;
    }

    private static List<FromRadio> frames(MemoryClient client) {
        var framing = new NodeFraming();
        var frames = new ArrayList<FromRadio>();
        for (byte next : client.received()) {
            byte[] payload = framing.take(next);
            if (payload != null) {
                try {
                    frames.add(FromRadio.parseFrom(payload));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return frames;
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void nodes_are_numbered_within_their_environment() {
        assertThat(node.endpoint()).isEqualTo(Endpoint.of("sim://node-1"));
        try (SimulatedNode second = SimulatedNode.builder().start(environment)) {
            assertThat(second.endpoint()).isEqualTo(Endpoint.of("sim://node-2"));
        }
    }

    @Test
    void a_client_gets_through_the_handshake() {
        List<FromRadio> frames = frames(shakesHands(environment));
        assertThat(frames)
                .anySatisfy(
                        frame -> assertThat(frame.getMyInfo().getMyNodeNum()).isEqualTo(0x11223344));
        assertThat(frames)
                .anySatisfy(frame -> assertThat(frame.getConfigCompleteId()).isEqualTo(NONCE));
    }

    @Test
    void a_split_handshake_is_the_same_handshake() {
        var splitting = VirtualEnvironment.create(1);
        splitting.transport().splitting(true);
        try (SimulatedNode same = start(splitting)) {
            assertThat(same.id()).isEqualTo(node.id());
            assertThat(frames(shakesHands(splitting))).isEqualTo(frames(shakesHands(environment)));
        }
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        var again = VirtualEnvironment.create(environment.seed());
        try (SimulatedNode same = start(again)) {
            MemoryClient first = shakesHands(environment);
            MemoryClient second = shakesHands(again);
            assertThat(same.endpoint()).isEqualTo(node.endpoint());
            assertThat(second.events).isEqualTo(first.events);
            assertThat(again.now()).isEqualTo(environment.now());
        }
    }

    @Test
    void the_newer_client_takes_the_session() {
        MemoryClient first = shakesHands(environment);
        MemoryClient second = shakesHands(environment);
        assertThat(first.events.get(first.events.size() - 1)).isIn("closed END_OF_STREAM", "closed RESET");
        assertThat(second.events).noneMatch(event -> event.startsWith("closed"));
        assertThat(node.evictions()).isEqualTo(1);
    }

    @Test
    void evicting_needs_virtual_time_only() {
        MemoryClient client = shakesHands(environment);
        Instant before = environment.now();
        node.evictClient();
        assertThat(environment.now()).isBetween(before, before.plusSeconds(1));
        environment.advance(Duration.ofSeconds(1));
        assertThat(client.events.get(client.events.size() - 1)).isEqualTo("closed END_OF_STREAM");
    }

    @Test
    void a_closed_node_ends_its_connections_and_refuses_new_ones() {
        MemoryClient client = shakesHands(environment);
        node.close();
        environment.advance(Duration.ofSeconds(1));
        assertThat(client.events.get(client.events.size() - 1)).isEqualTo("closed END_OF_STREAM");
        assertThat(MemoryClient.open(environment, "node-1").events).containsExactly("closed REFUSED");
    }

    @Test
    void a_port_makes_no_sense_in_memory() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SimulatedNode.builder().port(4403).start(environment))
                .withMessageContaining("port(4403)");
    }
}
