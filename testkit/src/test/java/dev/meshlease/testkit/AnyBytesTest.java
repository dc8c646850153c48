package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

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
    void random_and_recorded_bytes(@ForAll long world, @ForAll @Size(min = 1, max = 30) List<Long> steps) {
        new Story(world).tell(steps, AnyBytesTest::bytes);
    }

    private static byte[] bytes(Random random, AnyMessages messages) {
        return random.nextBoolean()
                ? messages.bytes(600)
                : messages.damaged(RECORDED.get(random.nextInt(RECORDED.size())).clone());
    }

    @Property
    void messages_with_anything_in_them(@ForAll long world, @ForAll @Size(min = 1, max = 30) List<Long> steps) {
        new Story(world).tell(steps, (random, messages) -> messages.frame());
    }

    /** Some clients of one node. Each step has a chance of its own, so that a shorter story is no other one. */
    private static final class Story {
        final Bench bench;
        private final List<Bench.Client> clients = new ArrayList<>();
        private Random random;
        private boolean cable;

        Story(long world) {
            random = new Random(world);
            bench = Bench.asGiven(AnyBehaviour.builder(random));
            bench.node.peer(new NodeId(PEER));
        }

        void tell(List<Long> steps, BiFunction<Random, AnyMessages, byte[]> words) {
            for (long step : steps) {
                random = new Random(step);
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
                    default ->
                        writes(
                                client,
                                words.apply(
                                        random,
                                        new AnyMessages(random, bench.node.id().number(), PEER)));
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

        /** All leave, and the node has nobody left: the next one evicts no one. */
        private void end() {
            clients.forEach(client -> {
                client.room = Integer.MAX_VALUE;
                client.reads(0);
                client.breaks();
            });
            bench.host.advance(Duration.ofMinutes(5));
            int evictions = bench.node.evictions();
            Bench.Client next = visit();
            if (!next.end.equals("none")) { // somebody has had it restart, or turned it off
                bench.node.reboot();
                bench.host.advance(Duration.ofMinutes(1));
                next = visit();
            }
            assertThat(isTold(next)).as("%s is told its state", next.end).isTrue();
            assertThat(bench.node.evictions()).as("evictions").isEqualTo(evictions);
            assertThat(next.dump()).filteredOn(FromRadio::hasMyInfo).hasSize(1);
            assertThat(next.dump()).filteredOn(FromRadio::hasChannel).hasSize(8);
            assertThat(next.dump()).filteredOn(FromRadio::hasConfig).hasSize(10);

            next.breaks();
            bench.node.reboot();
            bench.host.advance(Duration.ofMinutes(5));
            assertThat(bench.node.hasClient()).as("a connection is left").isFalse();
            assertThat(bench.host.pending()).as("timers").isLessThan(60);
        }

        private Bench.Client visit() {
            Bench.Client next = bench.connect();
            next.toleratesRubbish = true;
            next.wantsConfig(77);
            var unused = bench.host.await(() -> isTold(next) || !next.end.equals("none"), LONGEST_HANDSHAKE);
            return next;
        }

        private static boolean isTold(Bench.Client client) {
            return client.received().stream().anyMatch(message -> message.getConfigCompleteId() == 77);
        }
    }
}
