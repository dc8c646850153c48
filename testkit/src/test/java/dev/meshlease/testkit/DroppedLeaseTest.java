package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.all;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Exclusive;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseInfo;
import dev.meshlease.Link;
import dev.meshlease.LinkRegistry;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.SettingsEdit;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.Request;
import dev.meshlease.proto.Position;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases that their holder loses without closing them, as the garbage collector finds them. */
@Timeout(120)
class DroppedLeaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final int COLLECTIONS = 500;
    private static final int FEW_COLLECTIONS = 10;

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(2).start(environment);
    private final LinkRegistry links = environment.registry();

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    /** The only lease of the node, and its link; the lease is the caller's to lose, in a frame that is gone when garbage is collected. */
    private Lease acquired() {
        Lease lease = links.acquire(node.endpoint(), "forgetful");
        lease.ready().await(PATIENCE);
        return lease;
    }

    private NodeId peer() {
        return node.peers().get(0).id();
    }

    private void loseIt() {
        acquired();
    }

    /** Collects garbage until something is found, and has it given back. */
    private void collectGarbage() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            if (environment.giveBackDropped() > 0) {
                environment.settle();
                return;
            }
        }
        throw new AssertionError("The garbage collector found nothing in " + COLLECTIONS + " collections");
    }

    private void requireNothingFound() {
        for (int i = 0; i < FEW_COLLECTIONS; i++) {
            System.gc();
            assertThat(environment.giveBackDropped()).isZero();
        }
    }

    private List<LeaseInfo> leases() {
        return links.find(node.endpoint()).map(Link::leases).orElse(List.of());
    }

    @Test
    void it_is_reported_once_with_the_stack_that_acquired_it_and_the_link_goes_after_its_linger() {
        try (LogText log = new LogText()) {
            loseIt();
            collectGarbage();

            assertThat(leases()).isEmpty();
            assertThat(log.lines("WARN"))
                    .hasSize(1)
                    .allMatch(line -> line.contains("sim://node-1: 'forgetful' dropped its lease (number ")
                            && line.contains("without closing it"));
            assertThat(log.text()).contains("at " + DroppedLeaseTest.class.getName() + ".acquired(");

            environment.advance(LINGER.minusMillis(1));
            assertThat(links.links()).hasSize(1);
            environment.advance(Duration.ofSeconds(3));
            assertThat(links.links()).isEmpty();
            assertThat(node.conversation().toString()).contains("A → disconnect");
            System.gc();
            assertThat(environment.giveBackDropped()).isZero();
            assertThat(log.lines("WARN")).hasSize(1);
        }
    }

    @Test
    void one_acquired_from_the_link_has_its_stack_as_well() {
        try (Lease first = acquired();
                Lease second = first.link().acquire("second")) {
            assertThat(leases())
                    .extracting(each ->
                            each.acquiredFrom().orElseThrow().getStackTrace()[0].getMethodName())
                    .containsExactly("acquired", "one_acquired_from_the_link_has_its_stack_as_well");
            assertThat(second.holder()).isEqualTo("second");
        }
    }

    @Test
    void until_it_is_given_back_it_counts_as_held() {
        loseIt();
        for (int i = 0; i < FEW_COLLECTIONS; i++) {
            System.gc();
        }
        environment.advance(Duration.ofHours(1));

        assertThat(leases()).hasSize(1);
    }

    @Test
    void what_is_held_is_not_taken_away() {
        Lease lease = acquired();
        requireNothingFound();

        assertThat(leases()).hasSize(1);
        lease.close();
    }

    @Test
    void a_closed_one_and_one_of_a_closed_registry_are_no_leaks() {
        try (LogText log = new LogText()) {
            closeOneAndLoseAnother();
            links.close();
            requireNothingFound();

            assertThat(log.lines("WARN")).isEmpty();
        }
    }

    private void closeOneAndLoseAnother() {
        acquired().close();
        loseIt();
    }

    private Subscription subscribeAndLose() {
        return acquired().subscribe(all(), packet -> {});
    }

    @Test
    void one_with_a_subscription_is_in_use_until_that_is_closed() {
        Subscription subscription = subscribeAndLose();
        collectGarbage();
        environment.advance(Duration.ofHours(1));

        assertThat(leases()).hasSize(1);
        subscription.close();
        environment.settle();
        assertThat(leases()).isEmpty();
    }

    private Inbox readAndLose() {
        return acquired().inbox(all());
    }

    @Test
    void so_is_one_with_an_inbox_which_goes_on_being_filled() {
        Inbox inbox = readAndLose();
        collectGarbage();

        node.peers().get(0).says("still there?");
        assertThat(inbox.take(PATIENCE)).isNotNull();
        inbox.close();
        environment.settle();
        assertThat(leases()).isEmpty();
    }

    private Subscription watchAndLose() {
        return acquired().watch(Watch.nodes(), found -> {});
    }

    @Test
    void so_is_one_with_a_watch() {
        Subscription watch = watchAndLose();
        collectGarbage();

        assertThat(leases()).hasSize(1);
        watch.close();
        environment.settle();
        assertThat(leases()).isEmpty();
    }

    private void answerWithTheLeaseItself() {
        Lease lease = acquired();
        var unused = lease.subscribe(all(), packet -> lease.send(text("echo")));
    }

    @Test
    void one_whose_own_listener_uses_it_is_in_use() {
        answerWithTheLeaseItself();
        requireNothingFound();
        assertThat(leases()).hasSize(1);
    }

    private void speakOfItAtItsEnd() {
        Lease lease = acquired();
        var unused = lease.closed().future().thenRun(() -> Objects.requireNonNull(lease.holder()));
    }

    @Test
    void one_that_a_callback_waits_for_with_the_lease_in_hand_is_in_use() {
        speakOfItAtItsEnd();
        requireNothingFound();
        assertThat(leases()).hasSize(1);
    }

    private Flow.Publisher<Arrival> publishAndLose() {
        return acquired().publisher(all());
    }

    @Test
    void who_keeps_a_publisher_may_still_subscribe() {
        Flow.Publisher<Arrival> publisher = publishAndLose();
        requireNothingFound();
        assertThat(leases()).hasSize(1);
        Reference.reachabilityFence(publisher);
    }

    private Link keepTheLinkAlone() {
        return acquired().link();
    }

    @Test
    void who_keeps_the_link_alone_has_lost_the_lease() {
        Link link = keepTheLinkAlone();
        collectGarbage();
        assertThat(link.leases()).isEmpty();
    }

    private Delivery sendAndLose() {
        return acquired().send(text("hello").to(peer()).wantAck());
    }

    @Test
    void what_was_sent_is_not_cancelled_but_waited_for() {
        Delivery delivery = sendAndLose();
        collectGarbage();
        assertThat(delivery.isDone()).isFalse();
        assertThat(leases()).hasSize(1);

        delivery.await(PATIENCE);
        environment.settle();
        assertThat(delivery.stage()).isEqualTo(DeliveryStage.ACKNOWLEDGED);
        assertThat(leases()).isEmpty();
        assertThat(node.received()).hasSize(1);
    }

    private CompletableFuture<Position> askAndLose() {
        return acquired().request(Request.position(peer())).future();
    }

    @Test
    void what_was_asked_is_answered_first_or_given_up() {
        CompletableFuture<Position> answer = askAndLose();
        collectGarbage();
        assertThat(leases()).hasSize(1);

        environment.advance(Duration.ofMinutes(10));
        assertThat(answer).isDone();
        assertThat(leases()).isEmpty();
    }

    private CompletableFuture<NodeSnapshot> waitForReadyAndLose() {
        return links.acquire(node.endpoint(), "forgetful").ready().future();
    }

    @Test
    void who_waits_for_ready_is_told_and_then_it_is_given_back() {
        CompletableFuture<NodeSnapshot> ready = waitForReadyAndLose();
        collectGarbage();
        environment.advance(Duration.ofMinutes(1));

        assertThat(ready).isCompleted();
        assertThat(leases()).isEmpty();
    }

    private SettingsEdit editAndLose() {
        return acquired().exclusively(Exclusive.settings()).await(PATIENCE);
    }

    @Test
    void a_right_that_its_holder_still_has_keeps_it() {
        SettingsEdit edit = editAndLose();
        collectGarbage();
        assertThat(leases()).hasSize(1);

        edit.apply(TwoHolders.named("Kept")).await(PATIENCE);
        edit.commit().await(PATIENCE);
        environment.settle();
        assertThat(leases()).isEmpty();
    }

    private void loseAnEditToo() {
        AtomicReference<SettingsEdit> unused = new AtomicReference<>(editAndLose());
    }

    @Test
    void one_that_is_lost_together_with_its_right_goes_after_that() {
        loseAnEditToo();
        for (int i = 0; i < COLLECTIONS && !leases().isEmpty(); i++) {
            System.gc();
            var unused = environment.giveBackDropped();
            environment.advance(Duration.ofMillis(100));
        }
        assertThat(leases()).isEmpty();
    }

    private CompletableFuture<Void> waitForTheEndAndLose() {
        return acquired().closed().future();
    }

    @Test
    void who_waits_for_its_end_is_told_that_it_was_lost() {
        CompletableFuture<Void> closed = waitForTheEndAndLose();
        collectGarbage();

        assertThat(closed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LeaseClosedException.class)
                .withMessageContaining("'forgetful' dropped its lease");
    }
}
