package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VirtualWaitTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final Loop loop = environment.newLoop("loop");
    private final List<String> log = new CopyOnWriteArrayList<>();

    private void after(Duration delay, Runnable task) {
        loop.execute(() -> loop.schedule(delay.toNanos(), task));
    }

    private static <T> FutureTask<T> inAnotherThread(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "test-foreigner");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void a_wait_moves_the_clock_as_far_as_needed() throws InterruptedException {
        after(Duration.ofSeconds(7), () -> log.add("done"));
        assertThat(loop.await(() -> !log.isEmpty(), MINUTE)).isTrue();
        assertThat(environment.now()).isEqualTo(START.plusSeconds(7));
    }

    @Test
    void a_wait_that_ends_leaves_nothing_due_behind() throws InterruptedException {
        after(Duration.ofSeconds(1), () -> {
            log.add("done");
            environment.callbacks().execute(() -> log.add("callback"));
        });
        assertThat(loop.await(() -> log.contains("done"), MINUTE)).isTrue();
        assertThat(log).containsExactly("done", "callback");
    }

    @Test
    void a_wait_in_vain_ends_at_its_time_limit() throws InterruptedException {
        after(Duration.ofSeconds(61), () -> log.add("too late"));
        assertThat(loop.await(() -> !log.isEmpty(), MINUTE)).isFalse();
        assertThat(environment.now()).isEqualTo(START.plusSeconds(60));
        assertThat(log).isEmpty();
    }

    @Test
    void a_wait_without_anything_to_run_ends_at_its_time_limit() throws InterruptedException {
        assertThat(loop.await(() -> false, MINUTE)).isFalse();
        assertThat(environment.now()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void a_wait_for_no_time_runs_what_is_due_and_leaves_the_clock() throws InterruptedException {
        loop.execute(() -> log.add("done"));
        assertThat(loop.await(() -> !log.isEmpty(), 0)).isTrue();
        assertThat(loop.await(() -> false, -1)).isFalse();
        assertThat(environment.now()).isEqualTo(START);
    }

    @Test
    void the_event_at_the_time_limit_itself_still_counts() throws InterruptedException {
        after(Duration.ofMinutes(1), () -> log.add("just in time"));
        assertThat(loop.await(() -> !log.isEmpty(), MINUTE)).isTrue();
    }

    @Test
    void waiting_on_the_loop_is_refused() {
        loop.execute(() -> assertThatIllegalStateException()
                .isThrownBy(() -> loop.await(() -> true, 0))
                .withMessageContaining("the virtual loop 'loop'"));
        loop.execute(() -> assertThatIllegalStateException().isThrownBy(environment::settle));
        loop.execute(() -> log.add("ran"));
        environment.settle();
        assertThat(log).containsExactly("ran");
    }

    @Test
    void a_callback_may_wait_and_others_run_meanwhile() {
        environment.callbacks().execute(() -> {
            log.add("waits");
            log.add("result " + waitFor("answer"));
        });
        environment.callbacks().execute(() -> log.add("another"));
        after(Duration.ofSeconds(2), () -> log.add("answer"));
        environment.settle();
        assertThat(log).containsExactly("waits", "another", "answer", "result true");
        assertThat(environment.now()).isEqualTo(START.plusSeconds(2));
        assertThat(loop.isOwner()).isFalse();
    }

    @Test
    void waits_in_callbacks_may_stand_inside_each_other() {
        environment.callbacks().execute(() -> {
            environment.callbacks().execute(() -> log.add("inner " + waitFor("b")));
            log.add("outer " + waitFor("a"));
        });
        after(Duration.ofSeconds(1), () -> log.add("a"));
        after(Duration.ofSeconds(2), () -> log.add("b"));
        environment.settle();
        assertThat(log).containsExactly("a", "b", "inner true", "outer true");
    }

    @Test
    void what_a_task_throws_inside_a_callbacks_wait_comes_out_of_the_outermost_call() {
        var thrown = new AssertionError("inside");
        environment.callbacks().execute(() -> log.add("waited " + waitFor("never")));
        after(Duration.ofSeconds(2), () -> {
            throw thrown;
        });
        assertThatIllegalStateException().isThrownBy(environment::settle).withCause(thrown);
        assertThat(log).containsExactly("waited false");
    }

    @Test
    void an_interrupted_thread_does_not_wait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> loop.await(() -> true, MINUTE)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        Thread.currentThread().interrupt();
        assertThatIllegalStateException().isThrownBy(() -> environment.advance(Duration.ofDays(1)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(environment.now()).isEqualTo(START);
    }

    @Test
    void a_foreign_thread_steps_for_itself() throws Exception {
        after(Duration.ofSeconds(5), () -> log.add("done"));
        var foreign = inAnotherThread(() -> loop.await(() -> !log.isEmpty(), MINUTE));
        assertThat(foreign.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(environment.now()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void threads_that_wait_at_once_take_turns_and_neither_misses_its_instant() throws Exception {
        var seen = new CopyOnWriteArrayList<Instant>();
        var ticks = new AtomicInteger();
        after(Duration.ofMillis(1), new Runnable() {
            @Override
            public void run() {
                ticks.incrementAndGet();
                loop.schedule(1_000_000, this);
            }
        });
        var waiting = new CountDownLatch(1);
        var foreign = inAnotherThread(() -> {
            boolean met = loop.await(
                    () -> {
                        waiting.countDown();
                        return ticks.get() >= 1000;
                    },
                    MINUTE);
            seen.add(environment.now());
            return met;
        });
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.await(() -> ticks.get() >= 5000, MINUTE)).isTrue();
        assertThat(foreign.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ticks.get()).isEqualTo(5000);
        assertThat(seen)
                .singleElement()
                .satisfies(when -> assertThat(when).isBetween(START.plusSeconds(1), START.plusSeconds(5)));
    }

    @Test
    void a_foreign_threads_tasks_run_in_its_order() throws Exception {
        var foreign = inAnotherThread(() -> {
            for (int i = 0; i < 100; i++) {
                int number = i;
                loop.execute(() -> log.add("task " + number));
            }
            return true;
        });
        assertThat(foreign.get(30, TimeUnit.SECONDS)).isTrue();
        environment.settle();
        assertThat(log).hasSize(100).startsWith("task 0", "task 1").endsWith("task 98", "task 99");
        assertThat(log).isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
    }

    private static int number(String entry) {
        return Integer.parseInt(entry.substring("task ".length()));
    }

    private boolean waitFor(String entry) {
        try {
            return loop.await(() -> log.contains(entry), MINUTE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
