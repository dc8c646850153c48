package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Subscription;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holders whose listeners misbehave, beside one that does not; in real threads. */
class IsolationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int BLOCKED = 100;
    private static final int PACKETS = 500;
    private static final int INBOX = 50;

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final CountDownLatch free = new CountDownLatch(1);

    @AfterEach
    void end() {
        free.countDown();
        links.close();
    }

    private Lease lease(String holder) {
        Lease lease = links.acquire("node://here", holder);
        lease.ready().await(PATIENCE);
        return lease;
    }

    private void says(int first, int last) {
        for (int id = first; id <= last; id++) {
            node.says(2, id, "x");
        }
    }

    private LeaseInfo info(Lease lease) {
        return lease.link().leases().stream()
                .filter(each -> each.holder().equals(lease.holder()))
                .findFirst()
                .orElseThrow();
    }

    private Told healthy(String holder) {
        Told told = new Told();
        lease(holder).subscribe(texts().capacity(PACKETS, Overflow.FAIL_LEASE), told);
        return told;
    }

    @Test
    void a_hundred_listeners_that_block_for_ever_leave_the_next_holder_undisturbed() throws Exception {
        CountDownLatch entered = new CountDownLatch(BLOCKED);
        List<Told> behind = new ArrayList<>();
        for (int i = 1; i <= BLOCKED; i++) {
            Told told = new Told() {
                @Override
                protected void isTold() {
                    entered.countDown();
                    awaitUninterruptibly(free);
                }
            };
            behind.add(told);
            lease("blocked " + i).subscribe(texts().capacity(INBOX, Overflow.DROP_OLDEST), told);
        }
        Told healthy = healthy("healthy");
        says(1, 1);
        assertThat(entered.await(PATIENCE.toSeconds(), SECONDS)).isTrue();
        says(2, PACKETS);

        healthy.awaits(PACKETS);
        assertThat(healthy.ids()).isEqualTo(Told.ids(1, PACKETS));
        assertThat(lease("late").link().leases().stream()
                        .filter(info -> info.holder().startsWith("blocked")))
                .hasSize(BLOCKED)
                .allSatisfy(info -> {
                    assertThat(info.delivered()).isEqualTo(1);
                    assertThat(info.queued()).isEqualTo(INBOX);
                    assertThat(info.dropped()).isEqualTo(PACKETS - INBOX - 1);
                });
        free.countDown();
        for (Told told : behind) {
            told.awaits(PACKETS);
            assertThat(told.words()).startsWith("1", "INBOX_FULL " + (PACKETS - INBOX - 1), "" + (PACKETS - INBOX + 1));
            assertThat(told.ids()).hasSize(1 + INBOX).endsWith(PACKETS);
        }
    }

    @Test
    void a_registry_closes_while_listeners_block_for_ever() throws Exception {
        CountDownLatch entered = new CountDownLatch(BLOCKED);
        Lease last = null;
        for (int i = 1; i <= BLOCKED; i++) {
            last = lease("blocked " + i);
            last.subscribe(texts(), packet -> {
                entered.countDown();
                Told.awaitUninterruptibly(free);
            });
        }
        says(1, 2);
        assertThat(entered.await(PATIENCE.toSeconds(), SECONDS)).isTrue();

        links.close();

        assertThat(links.links()).isEmpty();
        assertThat(last.closed().isDone()).isTrue();
    }

    @Test
    void a_listener_that_throws_on_every_packet_stays_registered_and_hurts_nobody() throws Exception {
        Told throwing = new Told() {
            @Override
            protected void isTold() {
                throw new IllegalStateException("thrown by the test's listener");
            }
        };
        Lease faulty = lease("faulty");
        Subscription subscription = faulty.subscribe(texts().capacity(PACKETS, Overflow.FAIL_LEASE), throwing);
        Told beside = new Told();
        faulty.subscribe(texts().capacity(PACKETS, Overflow.FAIL_LEASE), beside);
        Told healthy = healthy("healthy");
        says(1, PACKETS);

        for (Told each : List.of(throwing, beside, healthy)) {
            each.awaits(PACKETS);
            assertThat(each.ids()).isEqualTo(Told.ids(1, PACKETS));
        }
        assertThat(subscription.isOpen()).isTrue();
        assertThat(info(faulty).delivered()).isEqualTo(2L * PACKETS);
    }
}
