package dev.meshlease.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingValueTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("meshlease-test-loop");
    private final PendingValue<String> pending = new PendingValue<>(
            new PendingValue.Context(
                    loop, environment.callbacks(), Endpoint.of("tcp://node"), "bot", () -> "the link is asleep"),
            "something");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void an_end_from_another_thread_releases_who_waits() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<String> waiter = CompletableFuture.supplyAsync(
                () -> {
                    waits.countDown();
                    return pending.await(LONG);
                },
                environment.callbacks());
        assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(pending.cancel()).isTrue();

        // Well within the waiter's own patience: it was released, and did not just give up.
        assertThatThrownBy(() -> waiter.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(pending.cancel()).isFalse();
    }

    @Test
    void giving_up_a_shared_wait_leaves_it_to_the_others() throws Exception {
        SharedWait<String> mine = new SharedWait<>(pending);
        SharedWait<String> others = new SharedWait<>(pending);
        CompletableFuture<String> early = mine.future();

        assertThat(mine.cancel()).isTrue();

        assertThat(mine.cancel()).isFalse();
        assertThat(mine.isDone()).isTrue();
        assertThat(early).isCancelled();
        assertThat(mine.future()).isCancelled();
        assertThatThrownBy(() -> mine.await(LONG)).isInstanceOf(CancellationException.class);
        assertThat(others.isDone()).isFalse();
        pending.complete("value");
        assertThat(others.await(LONG)).isEqualTo("value");
        assertThat(others.future().get(10, TimeUnit.SECONDS)).isEqualTo("value");
        assertThat(others.cancel()).isFalse();
    }

    @Test
    void patience_that_runs_out_tells_what_was_awaited_and_how_things_are() {
        assertThatThrownBy(() -> pending.await(Duration.ofMillis(1)))
                .isInstanceOf(WaitTimeoutException.class)
                .hasMessageContaining("something")
                .hasMessageContaining("the link is asleep");
        assertThat(pending.isDone()).isFalse();
    }

    @Test
    void each_future_is_a_copy() throws Exception {
        CompletableFuture<String> spoilt = pending.future();
        spoilt.complete("spoilt");
        CompletableFuture<String> other = pending.future();

        pending.complete("value");

        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("value");
        assertThat(pending.future().get(10, TimeUnit.SECONDS)).isEqualTo("value");
        assertThat(pending.await(LONG)).isEqualTo("value");
    }

    @Test
    void finishing_a_future_is_left_to_the_callbacks_and_may_fail_with_anything() {
        pending.complete("value");
        CompletableFuture<Object> thread = pending.future(value -> Thread.currentThread());
        CompletableFuture<Object> broken = pending.future(value -> {
            throw new AssertionError("thrown by the test, as intended");
        });

        assertThat(thread).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
        assertThat(broken)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(AssertionError.class);
    }
}
