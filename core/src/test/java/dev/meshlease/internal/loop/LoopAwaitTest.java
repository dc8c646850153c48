package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopAwaitTest {
    private static final long LONG = SECONDS.toNanos(20);

    private final SelectorLoop loop = SelectorLoop.start("meshlease-loop-await");

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void releases_a_waiter_when_the_loop_has_made_the_condition_true() throws Exception {
        var done = new AtomicBoolean();
        var waiting = waitFor(done::get, LONG);
        loop.execute(() -> done.set(true));
        assertThat(waiting.result.get(20, SECONDS)).isTrue();
    }

    /** The waiter's registration meets every stage of the loop's turn; a lost wake-up would make one wait time out. */
    @Test
    void loses_no_release() throws Exception {
        for (int round = 0; round < 20_000; round++) {
            var done = new AtomicBoolean();
            loop.execute(() -> done.set(true));
            assertThat(loop.await(done::get, LONG)).as("round %s", round).isTrue();
        }
    }

    @Test
    void releases_many_waiters_each_at_its_own_condition() throws Exception {
        var progress = new AtomicInteger();
        var waits = new ArrayList<Wait>();
        for (int i = 1; i <= 50; i++) {
            int wanted = i;
            waits.add(waitFor(() -> progress.get() >= wanted, LONG));
        }
        for (Wait wait : waits) {
            assertThat(wait.result.isDone()).isFalse();
            loop.execute(progress::incrementAndGet);
            assertThat(wait.result.get(20, SECONDS)).isTrue();
        }
    }

    @Test
    void a_wait_ends_at_its_time_limit_and_says_that_the_condition_does_not_hold() throws Exception {
        assertThat(loop.await(() -> false, 1_000_000)).isFalse();
        assertThat(loop.await(() -> false, 0)).isFalse();
        assertThat(loop.await(() -> false, -1)).isFalse();
        assertThat(loop.await(() -> true, 0)).isTrue();
    }

    @Test
    void an_interrupt_ends_the_wait_and_is_consumed() throws Exception {
        var waiting = waitFor(() -> false, Long.MAX_VALUE);
        waiting.tested.await(20, SECONDS);
        waiting.thread.interrupt();
        assertThatThrownBy(() -> waiting.result.get(20, SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> loop.await(() -> true, LONG)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void waiting_on_the_loop_is_refused_with_the_reason() throws Exception {
        assertThatThrownBy(() -> SelectorLoopTest.on(loop, () -> loop.await(() -> true, 0)))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("may not wait");
    }

    @Test
    void closing_the_loop_releases_every_waiter_with_what_its_condition_says() throws Exception {
        var done = new AtomicBoolean();
        var gate = new CountDownLatch(1);
        var kept = waitFor(done::get, Long.MAX_VALUE);
        var broken = waitFor(() -> false, Long.MAX_VALUE);
        kept.tested.await(20, SECONDS);
        broken.tested.await(20, SECONDS);
        loop.execute(() -> {
            try {
                assertThat(gate.await(20, SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        loop.execute(() -> done.set(true));
        loop.close();
        gate.countDown();
        assertThat(kept.result.get(20, SECONDS)).isTrue();
        assertThat(broken.result.get(20, SECONDS)).isFalse();
        assertThat(loop.await(() -> false, Long.MAX_VALUE)).isFalse();
        assertThat(loop.await(() -> true, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void a_condition_that_throws_throws_at_the_waiter_and_leaves_the_loop_alone() throws Exception {
        var fail = new AtomicBoolean();
        var waiting = waitFor(
                () -> {
                    if (fail.get()) {
                        throw new ArithmeticException("thrown by the test's condition");
                    }
                    return false;
                },
                LONG);
        waiting.tested.await(20, SECONDS);
        loop.execute(() -> fail.set(true));
        assertThatThrownBy(() -> waiting.result.get(20, SECONDS)).hasRootCauseInstanceOf(ArithmeticException.class);
        assertThat(SelectorLoopTest.on(loop, () -> true)).isTrue();
    }

    private Wait waitFor(BooleanSupplier condition, long timeoutNanos) {
        var tested = new CountDownLatch(1);
        var result = new CompletableFuture<Boolean>();
        var task = new FutureTask<>(() -> {
            try {
                result.complete(loop.await(
                        () -> {
                            boolean holds = condition.getAsBoolean();
                            tested.countDown();
                            return holds;
                        },
                        timeoutNanos));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
            return null;
        });
        var thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return new Wait(thread, tested, result);
    }

    private record Wait(Thread thread, CountDownLatch tested, CompletableFuture<Boolean> result) {}
}
