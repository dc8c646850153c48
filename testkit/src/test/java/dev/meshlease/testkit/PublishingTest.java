package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.OwnedLink;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Overflow;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Streams as publishers: each subscriber with an inbox and a demand of its own. */
class PublishingTest extends OneNode {
    private static final long ALL = Long.MAX_VALUE;

    /** Asks for one more from within each signal. */
    private static final class OneByOne extends Subscriber {
        OneByOne() {
            super(1);
        }

        @Override
        public void onNext(Arrival arrival) {
            super.onNext(arrival);
            subscription.request(1);
        }
    }

    private <S extends Subscriber> S subscribed(Lease lease, S subscriber) {
        lease.publisher(texts()).subscribe(subscriber);
        time.settle();
        return subscriber;
    }

    private void requests(Subscriber subscriber, long count) {
        subscriber.subscription.request(count);
        time.settle();
    }

    @Test
    void a_subscriber_is_given_what_it_asks_for_in_small_steps_and_no_more() {
        Subscriber slow = subscribed(lease("slow"), new Subscriber(0));
        says("one", "two", "three", "four");
        assertThat(slow.heard).isEmpty();
        requests(slow, 1);
        assertThat(slow.heard).containsExactly("one");
        requests(slow, 2);
        assertThat(slow.heard).containsExactly("one", "two", "three");
        requests(slow, 2);
        says("five", "six");

        assertThat(slow.heard).containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void a_subscriber_that_asks_from_within_is_given_everything_once() {
        OneByOne subscriber = subscribed(lease("holder"), new OneByOne());
        says("one", "two", "three");

        assertThat(subscriber.heard).containsExactly("one", "two", "three");
    }

    @Test
    void asking_for_more_than_there_can_ever_be_is_no_less_than_that() {
        Subscriber greedy = subscribed(lease("greedy"), new Subscriber(ALL));
        requests(greedy, ALL);
        requests(greedy, 1);
        says("one", "two");

        assertThat(greedy.heard).containsExactly("one", "two");
    }

    @Test
    void a_subscriber_that_cancels_from_within_hears_no_more_not_even_the_end() {
        Lease lease = lease("holder");
        Subscriber leaving = new Subscriber(ALL) {
            @Override
            public void onNext(Arrival arrival) {
                super.onNext(arrival);
                subscription.cancel();
                subscription.request(5);
                subscription.request(-1);
            }
        };
        lease.publisher(texts()).subscribe(leaving);
        Subscriber staying = subscribed(lease, new Subscriber(ALL));
        says("one", "two");
        assertThat(info(lease).subscriptions()).isEqualTo(1);
        lease.close();
        time.settle();

        assertThat(leaving.heard).containsExactly("one");
        assertThat(leaving.hasEnded()).isFalse();
        assertThat(staying.heard).containsExactly("one", "two");
        assertThat(staying.completions).isEqualTo(1);
    }

    @Test
    void a_subscriber_that_cancels_what_it_has_not_read_is_given_none_of_it() {
        Subscriber subscriber = subscribed(lease("holder"), new Subscriber(0));
        says("one");
        subscriber.subscription.request(1);
        subscriber.subscription.cancel();
        time.settle();

        assertThat(subscriber.heard).isEmpty();
    }

    @Test
    void a_subscriber_that_throws_is_cancelled_and_no_other_is() {
        try (LogText log = new LogText()) {
            Lease lease = lease("faulty");
            Subscriber onNext = new Subscriber(ALL) {
                @Override
                public void onNext(Arrival arrival) {
                    super.onNext(arrival);
                    throw new IllegalStateException("thrown by the test's subscriber");
                }
            };
            Subscriber onSubscribe = new Subscriber(ALL) {
                @Override
                public void onSubscribe(Flow.Subscription own) {
                    super.onSubscribe(own);
                    throw new IllegalStateException("thrown by the test's subscriber");
                }
            };
            lease.publisher(texts()).subscribe(onNext);
            lease.publisher(texts()).subscribe(onSubscribe);
            Subscriber beside = subscribed(lease, new Subscriber(ALL));
            says("one", "two");

            assertThat(onNext.heard).containsExactly("one");
            assertThat(onSubscribe.heard).isEmpty();
            assertThat(beside.heard).containsExactly("one", "two");
            assertThat(info(lease).subscriptions()).isEqualTo(1);
            assertThat(log.lines("WARN"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("'faulty'"));
        }
    }

    @Test
    void a_subscriber_that_asks_for_nothing_or_less_is_told_why_it_ends_and_no_other_ends() {
        Lease lease = lease("holder");
        for (long wrong : new long[] {0, -1, Long.MIN_VALUE}) {
            Subscriber mistaken = new Subscriber(ALL);
            Subscriber beside = new Subscriber(ALL);
            subscribed(lease, mistaken);
            subscribed(lease, beside);
            requests(mistaken, wrong);
            says("one");

            assertThat(mistaken.failure)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
            assertThat(mistaken.completions).isZero();
            assertThat(mistaken.heard).isEmpty();
            assertThat(beside.heard).containsExactly("one");
            beside.subscription.cancel();
        }
        assertThat(info(lease).subscriptions()).isZero();
    }

    @Test
    void each_subscriber_has_an_inbox_and_a_demand_of_its_own() {
        Lease lease = lease("holder");
        Flow.Publisher<Arrival> packets = lease.publisher(texts().capacity(2, Overflow.DROP_OLDEST));
        Subscriber fast = new Subscriber(ALL);
        Subscriber slow = new Subscriber(1);
        Subscriber late = new Subscriber(ALL);
        packets.subscribe(fast);
        packets.subscribe(slow);
        time.settle();
        says("one", "two", "three");
        packets.subscribe(late);
        time.settle();
        says("four");
        requests(slow, 10);

        assertThat(fast.heard).containsExactly("one", "two", "three", "four");
        assertThat(slow.heard).containsExactly("one", "INBOX_FULL 1", "three", "four");
        assertThat(late.heard).containsExactly("four");
        assertThat(info(lease).dropped()).isEqualTo(1);
    }

    @Test
    void a_gap_waits_for_demand_and_counts_as_one_signal() {
        Lease lease = lease("slow");
        Subscriber slow = new Subscriber(1);
        lease.publisher(texts().capacity(2, Overflow.DROP_OLDEST)).subscribe(slow);
        time.settle();
        says("one", "two", "three", "four", "five");
        assertThat(slow.heard).containsExactly("one");
        requests(slow, 1);
        assertThat(slow.heard).containsExactly("one", "INBOX_FULL 2");
        requests(slow, 1);
        assertThat(slow.heard).containsExactly("one", "INBOX_FULL 2", "four");
        node.disconnectClient();
        time.advance(PATIENCE);
        says("six");
        requests(slow, 1);
        assertThat(slow.heard).endsWith("four", "five");
        requests(slow, 2);

        assertThat(slow.heard).endsWith("five", "LINK_DOWN", "six");
    }

    @Test
    void what_a_condition_refuses_uses_up_no_demand() {
        Subscriber subscriber = new Subscriber(1);
        lease("holder")
                .publisher(texts().and(where(packet -> packet.text().startsWith("t"))))
                .subscribe(subscriber);
        time.settle();
        says("one", "two", "four", "three");
        assertThat(subscriber.heard).containsExactly("two");
        requests(subscriber, 1);

        assertThat(subscriber.heard).containsExactly("two", "three");
    }

    @Test
    void a_lease_closed_by_its_holder_completes_its_subscribers_with_or_without_demand() {
        Lease lease = lease("holder");
        Subscriber hungry = subscribed(lease, new Subscriber(ALL));
        Subscriber sated = subscribed(lease, new Subscriber(0));
        says("one");
        lease.close();
        time.settle();
        lease.close();
        time.settle();

        assertThat(hungry.heard).containsExactly("one");
        assertThat(sated.heard).isEmpty();
        assertThat(hungry.completions).isEqualTo(1).isEqualTo(sated.completions);
        assertThat(hungry.failure).isNull();
        assertThat(sated.failure).isNull();
    }

    @Test
    void a_lease_that_fails_tells_its_subscribers_why() {
        Lease strict = lease("strict");
        Subscriber full = new Subscriber(0);
        strict.publisher(texts().capacity(1, Overflow.FAIL_LEASE)).subscribe(full);
        Subscriber beside = subscribed(strict, new Subscriber(ALL));
        Subscriber other = subscribed(lease("other"), new Subscriber(ALL));
        says("one", "two", "three");

        assertThat(full.heard).isEmpty();
        assertThat(full.failure).isInstanceOf(LeaseClosedException.class).hasMessageContaining("FAIL_LEASE");
        assertThat(beside.failure).isSameAs(full.failure);
        assertThat(beside.completions + full.completions).isZero();
        assertThat(other.heard).containsExactly("one", "two", "three");
        assertThat(other.hasEnded()).isFalse();
    }

    @Test
    void a_link_that_its_owner_closes_fails_the_subscribers_of_its_leases() {
        OwnedLink link = links.open(node.endpoint(), LinkOptions.builder().build());
        Subscriber subscriber = subscribed(lease("holder"), new Subscriber(ALL));
        link.close();
        time.settle();

        assertThat(subscriber.failure).isNotNull();
        assertThat(subscriber.completions).isZero();
    }

    @Test
    void a_publisher_behind_a_place_begins_there_for_each_subscriber_at_its_own_pace() {
        Lease lease = lease("holder");
        Cursor place = lease.node().cursor();
        says("one", "two", "three");
        Flow.Publisher<Arrival> packets = lease.publisher(texts().after(place).capacity(1, Overflow.DROP_OLDEST));
        Subscriber slow = new Subscriber(1);
        Subscriber fast = new OneByOne();
        packets.subscribe(slow);
        packets.subscribe(fast);
        time.settle();
        assertThat(slow.heard).containsExactly("one");
        says("four", "five");
        assertThat(fast.heard).containsExactly("one", "two", "three", "four", "five");
        requests(slow, 10);
        assertThat(slow.heard).as("the past costs no room").isEqualTo(fast.heard);
        Subscriber late = new Subscriber(ALL);
        packets.subscribe(late);
        time.settle();

        assertThat(late.heard).isEqualTo(fast.heard);
        assertThat(info(lease).dropped()).isZero();
    }
}
