package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectorLoopTest {
    private final SelectorLoop loop = SelectorLoop.start("meshlease-loop-under-test");

    @AfterEach
    void leave_no_thread_behind() throws Exception {
        Thread thread = loop.isOwner() ? null : threadOf(loop);
        loop.close();
        if (thread != null) {
            thread.join(SECONDS.toMillis(20));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void runs_the_tasks_of_one_thread_in_the_order_given_on_its_own_named_daemon_thread() throws Exception {
        var seen = new ArrayList<Integer>();
        for (int i = 0; i < 5000; i++) {
            int number = i;
            loop.execute(() -> seen.add(number));
        }
        Thread thread = on(loop, Thread::currentThread);
        assertThat(seen).isEqualTo(IntStream.range(0, 5000).boxed().toList());
        assertThat(thread.getName()).isEqualTo("meshlease-loop-under-test");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(loop.isOwner()).isFalse();
        assertThat(on(loop, loop::isOwner)).isTrue();
    }

    /** Each hand-over meets the loop asleep, about to sleep or just awake; a lost wake-up would leave the exchange hanging. */
    @Test
    void loses_no_wake_up_when_threads_hand_over_single_tasks() throws Exception {
        int callers = 4;
        int rounds = 20_000;
        var failures = new ArrayList<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < callers; i++) {
            var thread = new Thread(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        var answered = new CountDownLatch(1);
                        loop.execute(answered::countDown);
                        if (!answered.await(20, SECONDS)) {
                            throw new AssertionError("lost wake-up in round " + round);
                        }
                    }
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join(SECONDS.toMillis(50));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void goes_on_after_a_task_a_timer_and_a_readiness_handler_threw() throws Exception {
        loop.execute(() -> {
            throw new IllegalStateException("thrown by the test's task");
        });
        on(
                loop,
                () -> loop.schedule(0, () -> {
                    throw new AssertionError("thrown by the test's timer");
                }));
        Pipe pipe = openPipe();
        var thrown = new CountDownLatch(1);
        on(loop, () -> {
            var readiness = new Loop.ChannelReadiness[1];
            readiness[0] = loop.register(pipe.source(), ready -> {
                readiness[0].cancel();
                thrown.countDown();
                throw new IllegalStateException("thrown by the test's readiness handler");
            });
            readiness[0].interest(SelectionKey.OP_READ);
            return null;
        });
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(thrown.await(20, SECONDS)).isTrue();
        assertThat(on(loop, () -> "still here")).isEqualTo("still here");
    }

    @Test
    void runs_timers_in_the_order_of_their_deadlines_and_not_those_cancelled() throws Exception {
        var seen = new ArrayList<String>();
        var last = new CountDownLatch(1);
        on(loop, () -> {
            loop.schedule(30_000_000, () -> seen.add("late"));
            loop.schedule(20_000_000, () -> seen.add("cancelled")).cancel();
            loop.schedule(10_000_000, () -> seen.add("early"));
            loop.schedule(-5, () -> seen.add("at once"));
            loop.schedule(30_000_001, last::countDown);
            loop.schedule(Long.MAX_VALUE, () -> seen.add("never"));
            return null;
        });
        assertThat(last.await(20, SECONDS)).isTrue();
        assertThat(on(loop, () -> List.copyOf(seen))).containsExactly("at once", "early", "late");
    }

    @Test
    void tells_of_readiness_only_what_was_asked_for_and_nothing_after_the_cancel() throws Exception {
        Pipe pipe = openPipe();
        var seen = new ArrayList<Integer>();
        var first = new CountDownLatch(1);
        var readiness = on(loop, () -> {
            var watched = new Loop.ChannelReadiness[1];
            watched[0] = loop.register(pipe.source(), ready -> {
                seen.add(ready);
                watched[0].interest(0);
                first.countDown();
            });
            return watched[0];
        });
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        on(loop, () -> null);
        on(loop, () -> null);
        assertThat(on(loop, () -> List.copyOf(seen))).isEmpty();
        loop.execute(() -> readiness.interest(SelectionKey.OP_READ));
        assertThat(first.await(20, SECONDS)).isTrue();
        on(loop, () -> {
            readiness.interest(SelectionKey.OP_READ);
            readiness.cancel();
            readiness.cancel();
            readiness.interest(SelectionKey.OP_READ);
            return null;
        });
        on(loop, () -> null);
        assertThat(on(loop, () -> List.copyOf(seen))).containsExactly(SelectionKey.OP_READ);
    }

    /** Or else a new connection could be made while the old one, closed before, is still there for the other side. */
    @Test
    void a_channel_is_free_of_the_loop_when_the_watch_was_cancelled() throws Exception {
        Pipe pipe = openPipe();
        on(loop, () -> {
            var readiness = loop.register(pipe.sink(), ready -> {});
            readiness.interest(SelectionKey.OP_WRITE);
            readiness.cancel();
            assertThat(pipe.sink().isRegistered()).isFalse();
            pipe.sink().close();
            assertThat(pipe.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            return null;
        });
    }

    @Test
    void refuses_to_watch_a_closed_channel_or_the_same_one_twice() throws Exception {
        Pipe pipe = openPipe();
        pipe.sink().close();
        assertThatThrownBy(() -> on(loop, () -> loop.register(pipe.sink(), ready -> {})))
                .hasRootCauseInstanceOf(IOException.class);
        on(loop, () -> loop.register(pipe.source(), ready -> {}));
        assertThatThrownBy(() -> on(loop, () -> loop.register(pipe.source(), ready -> {})))
                .hasRootCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("already");
    }

    @Test
    void refuses_from_foreign_threads_what_belongs_to_the_loop() throws Exception {
        Pipe pipe = openPipe();
        assertThatIllegalStateException().isThrownBy(() -> loop.schedule(0, () -> {}));
        assertThatIllegalStateException().isThrownBy(() -> loop.register(pipe.source(), ready -> {}));
    }

    @Test
    void closing_runs_the_tasks_given_so_far_closes_the_channels_and_rejects_the_rest() throws Exception {
        Pipe pipe = openPipe();
        on(loop, () -> loop.register(pipe.source(), ready -> {}));
        Thread thread = threadOf(loop);
        var gate = new CountDownLatch(1);
        var ran = new ArrayList<Integer>();
        loop.execute(() -> awaitQuietly(gate));
        loop.execute(() -> loop.schedule(0, () -> ran.add(-1)));
        IntStream.range(0, 3000).forEach(i -> loop.execute(() -> ran.add(i)));
        loop.close();
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> ran.add(-2))).isInstanceOf(RejectedExecutionException.class);
        gate.countDown();
        thread.join(SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
        assertThat(ran).isEqualTo(IntStream.range(0, 3000).boxed().toList());
        assertThat(pipe.source().isOpen()).isFalse();
    }

    @Test
    void every_task_is_either_run_or_rejected_when_closing_races_with_callers() throws Exception {
        for (int round = 0; round < 200; round++) {
            var racing = SelectorLoop.start("meshlease-loop-race");
            Thread thread = threadOf(racing);
            var ran = new ArrayList<Integer>();
            var accepted = new Exchanger<Integer>();
            var caller = new Thread(() -> {
                int count = 0;
                try {
                    while (true) {
                        int number = count;
                        racing.execute(() -> ran.add(number));
                        count++;
                    }
                } catch (RejectedExecutionException e) {
                    exchangeQuietly(accepted, count);
                }
            });
            caller.start();
            racing.close();
            int count = accepted.exchange(0, 20, SECONDS);
            thread.join(SECONDS.toMillis(20));
            assertThat(ran).hasSize(count);
        }
    }

    private static Pipe openPipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        return pipe;
    }

    private static void exchangeQuietly(Exchanger<Integer> to, int value) {
        try {
            to.exchange(value, 20, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Null if the loop has ended. */
    private static Thread threadOf(Loop loop) throws Exception {
        try {
            return on(loop, Thread::currentThread);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    static <T> T on(Loop loop, Callable<T> work) throws Exception {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, SECONDS);
    }
}
