package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From which packet on a subscription counts, while the loop is busy. */
class SubscribingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final Lease lease = links.acquire("node://here", "bot");
    private final CountDownLatch busy = new CountDownLatch(1);

    @AfterEach
    void end() {
        busy.countDown();
        links.close();
    }

    private void keepTheLoopBusy() {
        lease.ready().await(PATIENCE);
        node.loop.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void what_the_loop_reads_after_an_inbox_was_opened_is_in_it() {
        keepTheLoopBusy();
        node.says("read before any task that comes now");
        Inbox inbox = lease.inbox(texts());
        busy.countDown();

        assertThat(inbox.take(PATIENCE))
                .isInstanceOfSatisfying(
                        InboundPacket.class,
                        packet -> assertThat(packet.text()).isEqualTo("read before any task that comes now"));
    }

    @Test
    void what_was_read_after_an_inbox_was_closed_reaches_nobody() {
        keepTheLoopBusy();
        Inbox closed = lease.inbox(texts());
        Inbox open = lease.inbox(texts());
        closed.close();
        node.says("for one");
        busy.countDown();

        assertThat(open.take(PATIENCE)).isInstanceOf(InboundPacket.class);
        assertThat(lease.link().leases().get(0).subscriptions()).isEqualTo(1);
        assertThat(lease.link().leases().get(0).delivered()).isEqualTo(1);
    }

    @Test
    void a_watch_begins_with_the_status_at_that_moment_and_tells_none_twice() {
        keepTheLoopBusy();
        node.loop.execute(() -> node.events.closed(Loss.of(Loss.Kind.RESET, "by the test")));
        Queue<LinkState> states = new ConcurrentLinkedQueue<>();
        lease.watch(Watch.status(), (LinkStatus status) -> states.add(status.state()));
        busy.countDown();
        lease.ready().await(PATIENCE);
        lease.ready().await(PATIENCE);

        assertThat(Arrays.asList(states.toArray()))
                .startsWith(LinkState.BACKING_OFF)
                .doesNotHaveDuplicates();
    }

    @Test
    void closing_an_inbox_ends_a_take_that_waits_though_nothing_else_happens() throws Exception {
        lease.ready().await(PATIENCE);
        Inbox inbox = lease.inbox(texts());
        CompletableFuture<Arrival> taken = CompletableFuture.supplyAsync(() -> inbox.take(Duration.ofHours(1)));
        inbox.close();

        assertThat(taken)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(LeaseClosedException.class);
    }
}
