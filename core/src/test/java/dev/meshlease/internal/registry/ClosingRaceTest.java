package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Subscription;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Feed;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One thread closes while packets come, over and over, in real threads. A callback counts as started when it found its gate open, so one may
 * still be on its way into the listener when {@code close()} returns; the cursor is behind exactly that one.
 */
class ClosingRaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = 300;
    private static final int BEFORE = 100;
    private static final int AFTER = 10;
    private static final int ROOM = 10_000;

    /** What is closed. */
    enum Closed {
        SUBSCRIPTION,
        LEASE
    }

    /** What the listener hears. A condition is the user's code between the packet and the callback, so most closings fall into it. */
    enum Kind {
        PLAIN,
        ON_AN_EXECUTOR,
        WITH_A_SLOW_CONDITION
    }

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final Lease witness = links.acquire("node://here", "witness");
    private final ExecutorService closer = Executors.newSingleThreadExecutor();
    private final ExecutorService own = Executors.newFixedThreadPool(2);
    private volatile int said;

    @AfterEach
    void end() {
        links.close();
        closer.shutdownNow();
        own.shutdownNow();
    }

    private void says(int packets) {
        for (int i = 0; i < packets; i++) {
            int id = said + 1;
            node.says(2, id, "x");
            said = id;
        }
    }

    private Cursor here() {
        return new Cursor(witness.node().cursor().link(), said);
    }

    private Feed feed(Kind kind) {
        Feed whole = texts().capacity(ROOM, Overflow.FAIL_LEASE);
        return switch (kind) {
            case PLAIN -> whole;
            case ON_AN_EXECUTOR -> whole.on(own);
            case WITH_A_SLOW_CONDITION ->
                texts().and(where(packet -> spins(20_000))).capacity(ROOM, Overflow.FAIL_LEASE);
        };
    }

    private static boolean spins(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return true;
    }

    @ParameterizedTest
    @CsvSource({
        "SUBSCRIPTION, PLAIN",
        "SUBSCRIPTION, ON_AN_EXECUTOR",
        "SUBSCRIPTION, WITH_A_SLOW_CONDITION",
        "LEASE, PLAIN",
        "LEASE, ON_AN_EXECUTOR",
        "LEASE, WITH_A_SLOW_CONDITION"
    })
    void after_close_returned_no_callback_starts_and_the_cursor_tells_which_did(Closed what, Kind kind)
            throws Exception {
        witness.ready().await(PATIENCE);
        Inbox all = witness.inbox(texts().capacity(ROOM, Overflow.FAIL_LEASE));
        Random random = new Random(what.ordinal());
        for (int round = 0; round < ROUNDS; round++) {
            Told told = new Told();
            Lease lease = links.acquire("node://here", "bot");
            int first = said + 1;
            Subscription listening = lease.subscribe(feed(kind), told);
            int saidAtClose = closesMeanwhile(what == Closed.LEASE ? lease : listening, random.nextInt(400_000));
            int place = (int) listening.cursor().position();
            says(AFTER);
            awaits(all, said);
            quiet(lease, what);

            assertThat(place).isBetween(first - 1, saidAtClose);
            told.awaits(place - first + 1);
            assertThat(told.ids()).as("round %s", round).isEqualTo(Told.ids(first, place));
            assertThat(listening.cursor().position()).isEqualTo(place);
            assertThat(theRest(new Cursor(here().link(), place))).isEqualTo(Told.ids(place + 1, said));
            lease.close();
        }
    }

    /** Has packets come while another thread closes; how many had come when it was done. */
    private int closesMeanwhile(AutoCloseable what, int afterNanos) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        closer.execute(() -> {
            try {
                start.await();
                spins(afterNanos);
                what.close();
                closed.complete(said + 1); // One may be on its way to the loop.
            } catch (Exception failure) {
                closed.completeExceptionally(failure);
            }
        });
        start.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        says(BEFORE);
        return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaits(Inbox inbox, long position) {
        Arrival last;
        do {
            last = inbox.take(PATIENCE);
        } while (last.cursor().position() < position);
    }

    /** Whatever could still be on the way to the listener has come or been held back. */
    private void quiet(Lease lease, Closed what) throws Exception {
        (what == Closed.LEASE ? lease.closed().future() : lease.ready().future())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        CountDownLatch idle = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) { // On both threads at once, so that neither runs anything else.
            own.execute(() -> {
                idle.countDown();
                Told.awaitUninterruptibly(idle);
            });
        }
        assertThat(idle.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private List<Integer> theRest(Cursor place) {
        List<Integer> rest = new ArrayList<>();
        try (Inbox inbox = witness.inbox(texts().after(place))) {
            for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
                rest.add((int) next.cursor().position());
            }
        }
        return rest;
    }
}
