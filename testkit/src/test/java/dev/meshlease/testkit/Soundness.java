package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.Channel;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.testkit.internal.transcript.Transcript;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What is true of every node that all clients have left, whatever they did. */
final class Soundness {
    private static final Duration LONGEST_HANDSHAKE = Duration.ofMinutes(15);
    private static final int CHANNELS = 8;
    private static final int CONFIGS = 10;
    private static final int MOST_TIMERS = 60;
    private static final int NONCE = 77;

    private final Bench bench;

    Soundness(Bench bench) {
        this.bench = bench;
    }

    void holds() {
        bench.host.advance(Duration.ofMinutes(5));
        assertThat(bench.node.hasClient()).as("a client is left").isFalse();
        assertThat(bench.firmware.witness(Transcript.class).openClient())
                .as("a connection is left")
                .isEmpty();
        bench.node.reboot(); // it may have been told to go off, or to restart later
        bench.host.advance(Duration.ofMinutes(1));
        Bench.Client next = bench.connect();
        next.wantsConfig(NONCE);
        assertThat(bench.host.await(() -> isTold(next), LONGEST_HANDSHAKE))
                .as("%s is told the state", next.end)
                .isTrue();
        isWellFormed(next.dump());
        next.breaks();
        bench.host.advance(Duration.ofMinutes(5));
        assertThat(bench.host.pending()).as("timers").isLessThan(MOST_TIMERS);
    }

    private static boolean isTold(Bench.Client client) {
        return client.received().stream().anyMatch(message -> message.getConfigCompleteId() == NONCE);
    }

    private void isWellFormed(List<FromRadio> dump) {
        assertThat(dump.get(0).getMyInfo().getMyNodeNum())
                .isEqualTo(bench.node.id().number());
        assertThat(dump).filteredOn(FromRadio::hasMyInfo).hasSize(1);
        assertThat(dump).filteredOn(FromRadio::hasMetadata).hasSize(1);
        assertThat(dump).filteredOn(FromRadio::hasConfig).hasSize(CONFIGS);
        assertThat(dump)
                .filteredOn(FromRadio::hasChannel)
                .extracting(message -> message.getChannel().getIndex())
                .isEqualTo(IntStream.range(0, CHANNELS).boxed().toList());
        assertThat(dump)
                .filteredOn(message -> message.getChannel().getRole() == Channel.Role.PRIMARY)
                .as("primary channels")
                .hasSizeLessThanOrEqualTo(1);
        List<NodeInfo> nodes = dump.stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .toList();
        assertThat(nodes).extracting(NodeInfo::getNum).doesNotHaveDuplicates();
        assertThat(nodes.get(0).getNum()).isEqualTo(bench.node.id().number());
    }
}
