package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DeliveryStage;
import dev.meshlease.Lease;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Subscription;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Executors of holders that refuse work, at moments that the test chooses; and listeners that throw. */
class RefusingExecutorsTest extends OneNode {
    private boolean refuses;
    private final Executor moody = task -> {
        if (refuses) {
            throw new RejectedExecutionException("as the test wants it");
        }
        task.run();
    };
    private final Heard heard = new Heard();

    private Lease moody() {
        return lease(LeaseOptions.of("moody").callbacks(moody));
    }

    private void saysTwoThatAreRefusedAndFour() {
        says("one");
        refuses = true;
        says("two", "three");
        refuses = false;
        says("four");
    }

    @Test
    void a_lease_loses_what_its_executor_refuses_at_its_place_and_no_other_does() {
        Lease moody = moody();
        moody.subscribe(texts(), heard);
        Heard other = new Heard();
        lease("other").subscribe(texts(), other);
        saysTwoThatAreRefusedAndFour();

        assertThat(heard.words).containsExactly("one", "INBOX_FULL 2", "four");
        assertThat(other.words).containsExactly("one", "two", "three", "four");
        assertThat(info(moody).delivered()).isEqualTo(2);
        assertThat(info(moody).dropped()).isEqualTo(2);
        assertThat(info(moody).queued()).isZero();
    }

    @Test
    void a_feed_loses_what_its_executor_refuses_and_its_lease_does_not() {
        Lease lease = lease("holder");
        Heard beside = new Heard();
        lease.subscribe(texts().on(moody), heard);
        lease.subscribe(texts(), beside);
        saysTwoThatAreRefusedAndFour();

        assertThat(heard.words).containsExactly("one", "INBOX_FULL 2", "four");
        assertThat(beside.words).containsExactly("one", "two", "three", "four");
        assertThat(info(lease).delivered()).isEqualTo(6);
        assertThat(info(lease).dropped()).isEqualTo(2);
    }

    @Test
    void both_feeds_of_a_lease_whose_executor_refuses_lose_the_same() {
        Lease moody = moody();
        Heard second = new Heard();
        moody.subscribe(texts(), heard);
        moody.subscribe(texts(), second);
        saysTwoThatAreRefusedAndFour();

        assertThat(heard.words).containsExactly("one", "INBOX_FULL 2", "four").isEqualTo(second.words);
        assertThat(info(moody).dropped()).isEqualTo(4);
    }

    @Test
    void a_stream_closed_in_its_gap_goes_on_with_what_was_refused() {
        Lease moody = moody();
        Subscription listening = moody.subscribe(texts(), heard);
        says("one");
        refuses = true;
        says("two", "three");
        Cursor place = listening.cursor();
        listening.close();
        refuses = false;

        assertThat(listening.cursor()).isEqualTo(place);
        moody.subscribe(texts().after(place), heard);
        says("four");
        assertThat(heard.words).containsExactly("one", "two", "three", "four");
    }

    @Test
    void the_past_is_not_lost_by_being_refused() {
        Lease moody = moody();
        Cursor place = moody.node().cursor();
        says("one", "two");
        refuses = true;
        moody.subscribe(texts().after(place), heard);
        says("three");
        refuses = false;
        says("four");

        assertThat(heard.words).containsExactly("one", "two", "three", "four");
        assertThat(info(moody).dropped()).isZero();
    }

    @Test
    void futures_of_a_lease_whose_executor_refuses_complete_all_the_same() {
        Lease moody = moody();
        refuses = true;
        CompletableFuture<?> sent =
                moody.send(text("hello")).reached(DeliveryStage.ACCEPTED).future();
        CompletableFuture<?> ready = moody.ready().future();
        CompletableFuture<?> closed = moody.closed().future();
        time.advance(Duration.ofMinutes(1));
        moody.close();
        time.settle();

        assertThat(List.of(sent, ready, closed))
                .allSatisfy(future -> assertThat(future).isCompleted());
    }

    @Test
    void an_executor_that_always_refuses_loses_everything_and_is_told_of_once() {
        try (LogText log = new LogText()) {
            refuses = true;
            Lease moody = moody();
            moody.subscribe(texts(), heard);
            says("one", "two", "three");

            assertThat(heard.words).isEmpty();
            assertThat(info(moody).dropped()).isEqualTo(3);
            assertThat(info(moody).delivered() + info(moody).queued()).isZero();
            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains(node.endpoint().toString(), "'moody'", "executor");
        }
    }

    private Subscriber subscribed(Lease lease, long first) {
        Subscriber subscriber = new Subscriber(first);
        lease.publisher(texts().on(moody)).subscribe(subscriber);
        time.settle();
        return subscriber;
    }

    @Test
    void a_subscriber_loses_what_its_executor_refuses_at_its_place() {
        Lease lease = lease("holder");
        Subscriber subscriber = subscribed(lease, Long.MAX_VALUE);
        saysTwoThatAreRefusedAndFour();

        assertThat(subscriber.heard).containsExactly("one", "INBOX_FULL 2", "four");
        assertThat(info(lease).dropped()).isEqualTo(2);
    }

    @Test
    void a_subscribers_demand_is_not_forgotten_by_being_refused() {
        Subscriber subscriber = subscribed(lease("holder"), 0);
        says("one");
        refuses = true;
        subscriber.subscription.request(5);
        time.settle();
        refuses = false;
        says("two");

        assertThat(subscriber.heard).containsExactly("INBOX_FULL 1", "two");
    }

    @Test
    void a_subscriber_whose_executor_refuses_is_told_the_end_all_the_same() {
        Lease lease = lease("holder");
        Subscriber subscriber = subscribed(lease, 1);
        refuses = true;
        lease.close();
        time.settle();

        assertThat(subscriber.completions).isEqualTo(1);
    }

    @Test
    void a_subscriber_whose_executor_refuses_is_told_all_the_same_that_it_is_subscribed() {
        refuses = true;
        Subscriber subscriber = subscribed(lease("holder"), Long.MAX_VALUE);
        says("one");
        assertThat(subscriber.subscription).isNotNull();
        assertThat(subscriber.heard).isEmpty();

        refuses = false;
        says("two");
        assertThat(subscriber.heard).containsExactly("INBOX_FULL 1", "two");
    }

    @Test
    void a_listener_that_throws_is_named_in_the_log_once_and_stays_registered() {
        try (LogText log = new LogText()) {
            Lease faulty = lease("faulty");
            Heard throwing = new Heard() {
                @Override
                public void onPacket(InboundPacket packet) {
                    super.onPacket(packet);
                    throw new IllegalStateException("thrown by the test's listener");
                }
            };
            Subscription subscription = faulty.subscribe(texts(), throwing);
            lease("other").subscribe(texts(), heard);
            says("one", "two", "three");

            assertThat(throwing.words).containsExactly("one", "two", "three").isEqualTo(heard.words);
            assertThat(subscription.isOpen()).isTrue();
            assertThat(log.lines("WARN")).singleElement().asString().contains("'faulty'");
        }
    }
}
