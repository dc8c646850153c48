package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever clients send, and however they come and go, a node of any kind goes on, keeps nothing of them, and serves the next one.
 *
 * <p>1,000 streams each; with {@code -Pslow} 50,000.
 */
class AnyBytesTest {
    private static final int PEER = 0x0c0ffee0;
    private static final Duration LONGEST_HANDSHAKE = Duration.ofMinutes(15);
    private static final List<byte[]> RECORDED = recorded();

    /** What clients have written to a real node. */
    private static List<byte[]> recorded() {
        return List.of(
                        "10-text-broadcast",
                        "20-admin-get-metadata",
                        "45-handshake-with-nodes",
                        "50-half-frame",
                        "52-garbage")
                .stream()
                .flatMap(recording -> RecordedEvent.of(recording).stream())
                .filter(event -> event.is("tx"))
                .map(RecordedEvent::bytes)
                .toList();
    }

    @Property
    void random_and_recorded_bytes(@ForAll long seed) {
        Random random = new Random(seed);
        Story story = new Story(random);
        story.tell(() -> random.nextBoolean()
                ? story.messages.bytes(600)
                : story.messages.damaged(
                        RECORDED.get(random.nextInt(RECORDED.size())).clone()));
    }

    @Property
    void messages_with_anything_in_them(@ForAll long seed) {
        Story story = new Story(new Random(seed));
        story.tell(story.messages::frame);
    }

    /** Some clients of one node. */
    private static final class Story {
        final Random random;
        final Bench bench;
        final AnyMessages messages;
        final List<Bench.Client> clients = new ArrayList<>();
        private boolean cable;

        Story(Random random) {
            this.random = random;
            bench = Bench.asGiven(AnyBehaviour.builder(random));
            bench.node.peer(new NodeId(PEER));
            messages = new AnyMessages(random, bench.node.id().number(), PEER);
        }

        void tell(Supplier<byte[]> words) {
            for (int step = 5 + random.nextInt(25); step > 0; step--) {
                if (clients.isEmpty() || random.nextInt(10) == 0) {
                    comes();
                }
                Bench.Client client = clients.get(random.nextInt(clients.size()));
                switch (random.nextInt(16)) {
                    case 0 -> client.leaves();
                    case 1 -> client.breaks();
                    case 2 -> client.wantsConfig(random.nextInt(3) == 0 ? 69420 + random.nextInt(2) : random.nextInt());
                    case 3 -> client.room = random.nextInt(2000);
                    case 4 -> client.reads(random.nextInt(2000));
                    case 5 -> client.disconnects();
                    default -> writes(client, words.get());
                }
                bench.host.advance(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 3000 : 30)));
            }
            end();
        }

        private void comes() {
            boolean byCable = !cable && random.nextInt(6) == 0;
            cable |= byCable;
            Bench.Client client = byCable ? bench.plug() : bench.knocks();
            client.toleratesRubbish = true;
            clients.add(client);
        }

        private void writes(Bench.Client client, byte[] bytes) {
            int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            client.writes(Arrays.copyOf(bytes, cut));
            if (random.nextBoolean()) {
                bench.host.advance(Duration.ofMillis(random.nextInt(20)));
            }
            client.writes(Arrays.copyOfRange(bytes, cut, bytes.length));
        }

        /** All leave. The node may have been told to go off, or be about to restart. */
        private void end() {
            clients.forEach(client -> {
                client.room = Integer.MAX_VALUE;
                client.reads(0);
                client.breaks();
            });
            bench.host.advance(Duration.ofMinutes(5));
            bench.node.reboot();
            bench.host.advance(Duration.ofMinutes(1));
            assertThat(bench.node.hasClient()).as("a connection is left").isFalse();

            Bench.Client next = bench.connect();
            next.wantsConfig(77);
            assertThat(bench.host.await(() -> isTold(next), LONGEST_HANDSHAKE))
                    .as("%s is told its state", next.end)
                    .isTrue();
            assertThat(next.dump()).filteredOn(FromRadio::hasMyInfo).hasSize(1);
            next.breaks();
            bench.host.advance(Duration.ofMinutes(5));
            assertThat(bench.host.pending()).as("timers").isLessThan(60);
        }

        private static boolean isTold(Bench.Client client) {
            return client.received().stream().anyMatch(message -> message.getConfigCompleteId() == 77);
        }
    }
}
