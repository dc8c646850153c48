package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
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
    /** A kind of step; those above are the same. */
    private static final int WRITING = 8;

    private static final Duration LONGER_THAN_A_LOOK = Duration.ofSeconds(3);

    @Property
    void random_and_recorded_bytes(@ForAll long world, @ForAll @Size(min = 1, max = 30) List<Long> steps) {
        new Story(world).tell(steps, (random, words) -> random.nextBoolean() ? words.noise() : words.recording());
    }

    @Property
    void messages_with_anything_in_them(@ForAll long world, @ForAll @Size(min = 1, max = 30) List<Long> steps) {
        new Story(world).tell(steps, (random, words) -> words.messages.frame());
    }

    /** Some clients of one node. Each step has a chance of its own, so that one step less changes nothing for the others. */
    private static final class Story {
        final Bench bench;
        final List<Bench.Client> clients = new ArrayList<>();
        private int written;
        private Random random;
        private boolean cable;

        Story(long world) {
            random = new Random(world);
            bench = Bench.asGiven(AnyBehaviour.builder(random));
            bench.node.peer(new NodeId(PEER));
        }

        void tell(List<Long> steps, BiFunction<Random, AnyStream, byte[]> next) {
            for (long step : steps) {
                random = new Random(step);
                AnyStream words = new AnyStream(random, bench.node.id().number(), PEER);
                if (clients.stream().noneMatch(Bench.Client::isHeard) || random.nextInt(10) == 0) {
                    comes();
                }
                Bench.Client client = clients.get(random.nextInt(clients.size()));
                switch (written == 0 ? WRITING : random.nextInt(WRITING * 2)) {
                    case 0 -> client.leaves();
                    case 1 -> client.breaks();
                    case 2 -> client.wantsConfig(random.nextInt(3) == 0 ? 69420 + random.nextInt(2) : random.nextInt());
                    case 3 -> client.room = random.nextInt(2000);
                    case 4 -> client.reads(random.nextInt(2000));
                    case 5 -> client.disconnects();
                    case 6 -> peerSpeaks(random.nextInt(random.nextInt(8) == 0 ? 150 : 10));
                    default -> writes(next.apply(random, words));
                }
                bench.host.advance(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 3000 : 30)));
            }
            clients.forEach(client -> {
                client.room = Integer.MAX_VALUE;
                client.reads(0);
            });
            bench.host.advance(LONGER_THAN_A_LOOK); // none of their words is lost with them
            clients.forEach(Bench.Client::breaks);
            new Soundness(bench).holds();
        }

        private void peerSpeaks(int times) {
            for (int i = 0; i < times; i++) {
                bench.node.peer(new NodeId(PEER)).says("hello");
            }
        }

        private void comes() {
            boolean byCable = !cable && random.nextInt(6) == 0;
            cable |= byCable;
            Bench.Client client = byCable ? bench.plug() : bench.knocks();
            client.toleratesRubbish = true;
            clients.add(client);
        }

        /** To a node that is off nobody writes. */
        private void writes(byte[] bytes) {
            List<Bench.Client> heard =
                    clients.stream().filter(Bench.Client::isHeard).toList();
            if (heard.isEmpty()) {
                return;
            }
            Bench.Client client = heard.get(random.nextInt(heard.size()));
            int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            client.writes(Arrays.copyOf(bytes, cut));
            if (random.nextBoolean()) {
                bench.host.advance(Duration.ofMillis(random.nextInt(20)));
            }
            client.writes(Arrays.copyOfRange(bytes, cut, bytes.length));
            written += bytes.length;
        }
    }
}
