package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.HandshakeProgress;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node with as many neighbours and channels as nodes have. */
class LargeNodeTest {
    private static final int NODES = 250;
    private static final int CHANNELS = 8;

    private final VirtualEnvironment environment = VirtualEnvironment.create();

    @Test
    void tells_all_of_them_and_how_far_it_is() {
        SimulatedNodeBuilder large =
                SimulatedNode.builder().nodes(NODES - 1).with(Switch.FRAME_TIME, Duration.ofMillis(10));
        IntStream.range(1, CHANNELS).mapToObj(LargeNodeTest::channel).forEach(large::channel);
        List<HandshakeProgress> progress = new ArrayList<>();

        try (SimulatedNode node = large.start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            for (int i = 0; i < 100 && !bot.status().isReady(); i++) {
                environment.advance(Duration.ofMillis(100));
                bot.status().handshake().ifPresent(progress::add);
            }
            NodeSnapshot snapshot = bot.ready().await(Duration.ofSeconds(1));

            assertThat(snapshot.nodes()).hasSize(NODES);
            assertThat(snapshot.channels())
                    .extracting(Channel::getRole)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, CHANNELS)
                            .mapToObj(slot -> slot == 0 ? Channel.Role.PRIMARY : Channel.Role.SECONDARY)
                            .toList());
            assertThat(bot.status().handshake()).isEmpty();
        }
        assertThat(progress).extracting(HandshakeProgress::messages).isSorted();
        assertThat(progress)
                .filteredOn(step -> step.nodes() > 1 && step.nodes() < NODES)
                .hasSizeGreaterThan(10);
        assertThat(progress).last().satisfies(step -> {
            assertThat(step.announced()).hasValue(NODES);
            assertThat(step.nodes()).isBetween(NODES - 20, NODES);
        });
    }

    private static Channel channel(int slot) {
        return Channel.newBuilder()
                .setIndex(slot)
                .setRole(Channel.Role.SECONDARY)
                .setSettings(ChannelSettings.newBuilder().setName("channel " + slot))
                .build();
    }
}
