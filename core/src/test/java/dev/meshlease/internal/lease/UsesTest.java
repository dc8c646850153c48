package dev.meshlease.internal.lease;

import static dev.meshlease.message.PacketFilter.all;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Exclusive;
import dev.meshlease.ForeignConnections;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.Pending;
import dev.meshlease.RawExchange;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a lease that its holder cannot reach any more. The garbage collector is left out: the test says when. */
class UsesTest {
    private static final Endpoint ENDPOINT = Endpoint.of("node://here");

    private final Environment system = Environment.system();
    private final Loop loop = system.newLoop("meshlease-loop-uses");
    private final AtomicInteger left = new AtomicInteger();
    private final LeaseHandle handle = new LeaseHandle(7, host(), LeaseOptions.of("bot"), Runnable::run);
    private final Throwable stack = new Throwable("acquired here");
    private final Lease lease = handle.hold(stack);
    private final CompletableFuture<Void> closed = lease.closed().future();

    @AfterEach
    void endLoop() {
        loop.close();
    }

    private LeaseHost host() {
        LinkStatus status = new LinkStatus(
                ENDPOINT,
                LinkState.IDLE,
                Instant.EPOCH,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ForeignConnections.NONE,
                List.of(),
                Optional.empty());
        History history = new History(1, 10, 10_000);
        return (LeaseHost) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LeaseHost.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "time" -> system.time();
                    case "loop" -> loop;
                    case "dispatcher" -> (Executor) Runnable::run;
                    case "endpoint" -> ENDPOINT;
                    case "status" -> status;
                    case "history" -> history;
                    case "post", "dropped" -> {
                        ((Runnable) arguments[0]).run();
                        yield null;
                    }
                    case "left" -> left.incrementAndGet();
                    default -> null;
                });
    }

    private void becomesUnreachable() {
        handle.uses().unreachable();
    }

    @Test
    void it_is_given_back_and_its_end_says_why_and_where_it_was_acquired() {
        becomesUnreachable();

        assertThat(left).hasValue(1);
        assertThat(closed)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LeaseClosedException.class)
                .withMessageContaining("node://here: 'bot' dropped its lease (number 7, since ")
                .withCause(stack);
    }

    @Test
    void one_that_is_closed_is_no_leak() {
        lease.close();
        becomesUnreachable();

        assertThat(left).hasValue(1);
        assertThat(closed).isCompletedWithValue(null);
    }

    @Test
    void it_is_in_use_as_long_as_something_is_open_on_it() {
        Subscription subscription = lease.subscribe(all(), packet -> {});
        Inbox inbox = lease.inbox(all());
        Subscription watch = lease.watch(Watch.status(), status -> {});
        becomesUnreachable();

        subscription.close();
        inbox.close();
        assertThat(left).hasValue(0);
        watch.close();
        assertThat(left).hasValue(1);
        assertThat(handle.info().subscriptions()).isZero();
    }

    @Test
    void the_subscriber_of_a_publisher_keeps_it_until_it_cancels() {
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        lease.publisher(all()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscribed.complete(subscription);
            }

            @Override
            public void onNext(Arrival item) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        becomesUnreachable();

        assertThat(left).hasValue(0);
        subscribed.join().cancel();
        assertThat(left).hasValue(1);
    }

    @Test
    void what_is_under_way_is_waited_for() {
        handle.uses().shipped();
        handle.uses().shipped();
        becomesUnreachable();

        handle.uses().arrived();
        assertThat(left).hasValue(0);
        handle.uses().arrived();
        assertThat(left).hasValue(1);
    }

    @Test
    void a_turn_that_is_waited_for_is_waited_for_here_too() {
        Pending<RawExchange> turn = lease.exclusively(Exclusive.xmodem());
        becomesUnreachable();

        assertThat(left).hasValue(0);
        assertThat(turn.cancel()).isTrue();
        assertThat(left).hasValue(1);
    }

    @Test
    void who_waits_for_ready_with_a_future_still_gets_it() {
        CompletableFuture<NodeSnapshot> ready = lease.ready().future();
        CompletableFuture<NodeSnapshot> other = lease.ready().future();
        becomesUnreachable();

        assertThat(ready.cancel(false)).isTrue();
        assertThat(left).hasValue(0);
        assertThat(other.completeExceptionally(new CompletionException(stack))).isTrue(); // As orTimeout does.
        assertThat(left).hasValue(1);
    }

    @Test
    void who_asked_for_ready_and_does_not_wait_any_more_does_not_keep_it() {
        Pending<NodeSnapshot> given = lease.ready();
        assertThat(given.cancel()).isTrue();
        becomesUnreachable();

        assertThat(left).hasValue(1);
    }

    @Test
    void it_is_given_back_once() {
        Subscription first = lease.subscribe(all(), packet -> {});
        becomesUnreachable();
        first.close();
        handle.uses().ended();
        becomesUnreachable();

        assertThat(left).hasValue(1);
    }
}
