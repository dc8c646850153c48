package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Subscription;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.PacketListener;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holders who close their streams at any moment and go on where they stopped, while packets come, in real threads: put together, what they
 * were told is the whole stream, once and in order, or the exact number of what is missing.
 */
class ResumingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PACKETS = 20_000;
    private static final int AHEAD = 2_000;

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder()
            .transport(node)
            .defaults(LinkOptions.builder().history(AHEAD / 4, 1_000_000).build())
            .build();
    private final Lease lease = links.acquire("node://here", "bot");
    private final Semaphore room = new Semaphore(AHEAD);

    @AfterEach
    void end() {
        links.close();
    }

    /** Puts together what was told, and counts it. */
    private final class Whole {
        private final AtomicLong place = new AtomicLong(); // Behind what was told or counted as missing.
        private final AtomicReference<String> wrong = new AtomicReference<>();

        void told(Arrival arrival) {
            long before = place.get();
            long after = arrival.cursor().position();
            if (arrival instanceof InboundPacket packet) {
                if (after != before + 1 || packet.id() != after) {
                    wrong.compareAndSet(null, "packet " + packet.id() + " at " + after + " behind " + before);
                }
            } else if (arrival instanceof Gap gap
                    && after - before != gap.missed().orElse(0)) {
                wrong.compareAndSet(null, gap + " behind " + before);
            }
            place.set(after);
            room.release((int) Math.max(0, after - before));
        }

        void isWhole() {
            assertThat(wrong.get()).isNull();
            assertThat(place.get()).isEqualTo(PACKETS);
        }
    }

    private void startToSpeak() {
        lease.ready().await(PATIENCE);
        Thread speaker = new Thread(() -> {
            for (int i = 1; i <= PACKETS; i++) {
                room.acquireUninterruptibly();
                node.says(2, i, "x");
            }
        });
        speaker.setDaemon(true);
        speaker.start();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 100_000})
    void by_an_inbox(int capacity) {
        Whole whole = new Whole();
        Random random = new Random(capacity);
        startToSpeak();
        Cursor place = new Cursor(lease.node().cursor().link(), 0);
        while (whole.place.get() < PACKETS) {
            Inbox inbox = lease.inbox(texts().after(place).capacity(capacity, Overflow.DROP_OLDEST));
            int left = 1 + random.nextInt(Math.min(500, 4 * capacity)); // Many gaps in a row would be the end at once.
            while (left-- > 0 && whole.place.get() < PACKETS) {
                whole.told(inbox.take(PATIENCE));
            }
            inbox.close();
            assertThat(inbox.cursor().position()).isGreaterThanOrEqualTo(place.position());
            place = inbox.cursor();
        }
        whole.isWhole();
        assertThat(place.position()).isEqualTo(PACKETS);
        assertThat(lease.inbox(texts().after(place)).poll()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 100_000})
    void by_a_listener_that_another_thread_closes(int capacity) {
        Whole whole = new Whole();
        Random random = new Random(capacity);
        startToSpeak();
        Cursor place = new Cursor(lease.node().cursor().link(), 0);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (whole.place.get() < PACKETS && System.nanoTime() < deadline && whole.wrong.get() == null) {
            Semaphore running = new Semaphore(1);
            Subscription listening = lease.subscribe(
                    texts().after(place).capacity(capacity, Overflow.DROP_OLDEST), new PacketListener() {
                        @Override
                        public void onPacket(InboundPacket packet) {
                            takes(packet);
                        }

                        @Override
                        public void onGap(Gap gap) {
                            takes(gap);
                        }

                        private void takes(Arrival arrival) {
                            running.acquireUninterruptibly();
                            whole.told(arrival);
                            running.release();
                        }
                    });
            long until = System.nanoTime() + random.nextInt(3_000_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            listening.close();
            place = listening.cursor();
            while (whole.place.get() < place.position() && System.nanoTime() < deadline) {
                Thread.onSpinWait(); // The callback that was running is not awaited by close().
            }
        }
        whole.isWhole();
    }
}
