package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.Channel;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.testkit.internal.transcript.Transcript;
import dev.meshlease.testkit.node.Switch;
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
    private static final int TRIES = 3;
    /** Position, metrics, environment, status. */
    private static final int KINDS_OF_REPEATS = 4;

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
        if (sessions() > 0) {
            bench.host.advance(LONGEST_HANDSHAKE); // it is at frames that take 2 s each, to whomever
        }
        assertThat(sessions()).as("sessions").isZero();
        Bench.Client next = served();
        isWellFormed(next.dump());
        keptNoMoreThanFits(next);
        next.breaks();
        restart();
        Bench.Client later = served();
        isWellFormed(later.dump());
        later.breaks();
        bench.host.advance(Duration.ofMinutes(5));
        assertThat(bench.host.pending()).as("timers").isLessThan(MOST_TIMERS);
    }

    private long sessions() {
        return Reach.of(bench.firmware, "PhoneSession");
    }

    private void restart() {
        bench.node.reboot();
        bench.host.advance(Duration.ofMinutes(1));
    }

    /** A client that has been told the node's state. The node may have been told to go off, or to restart about now, but not to be mute. */
    private Bench.Client served() {
        for (int i = 0; i < TRIES; i++) {
            Bench.Client next = bench.connect();
            next.wantsConfig(NONCE);
            bench.host.await(() -> isTold(next) || isEnded(next), LONGEST_HANDSHAKE);
            if (isTold(next)) {
                return next;
            }
            assertThat(isEnded(next)).as("a client waits in vain").isTrue();
            restart();
        }
        throw new AssertionError("The node ends each connection");
    }

    private static boolean isEnded(Bench.Client client) {
        return !client.end.equals("none");
    }

    /** What waited for a client is told with the state, or right behind it. */
    private void keptNoMoreThanFits(Bench.Client client) {
        bench.host.advance(Bench.MOMENT);
        long repeats = KINDS_OF_REPEATS * (long) bench.firmware.state().others().size();
        assertThat((long) client.packets().size())
                .as("packets")
                .isLessThanOrEqualTo(bench.firmware.get(Switch.PHONE_QUEUE) + repeats);
        assertThat((long) client.statuses().size())
                .as("statuses, and a sign of life that another client asked for")
                .isLessThanOrEqualTo(bench.firmware.get(Switch.STATUS_QUEUE) + 1L);
    }

    private static boolean isTold(Bench.Client client) {
        return client.received().stream().anyMatch(message -> message.getConfigCompleteId() == NONCE);
    }

    /** Only the answer to another client's heartbeat may come before and between. */
    private void isWellFormed(List<FromRadio> told) {
        List<FromRadio> dump =
                told.stream().filter(message -> !message.hasQueueStatus()).toList();
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
