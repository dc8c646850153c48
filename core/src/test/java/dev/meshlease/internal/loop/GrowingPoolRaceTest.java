package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool under callers and tasks of every kind at once, and at the moments at which its threads come and go. */
class GrowingPoolRaceTest {
    private static final long PATIENCE_SECONDS = 20;
    private static final int CALLERS = 4;

    private final CountDownLatch free = new CountDownLatch(1);
    private final Set<Thread> seen = ConcurrentHashMap.newKeySet();

    @AfterEach
    void end() {
        free.countDown();
    }

    private static GrowingPool pool(int cap) {
        return new GrowingPool("meshlease-test-", cap, "The test's pool is full, as intended");
    }

    private void isRunBy(Thread thread) {
        seen.add(thread);
    }

    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void awaits(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    private void blocks() {
        isRunBy(Thread.currentThread());
        boolean interrupted = false;
        while (free.getCount() > 0) {
            try {
                free.await();
            } catch (InterruptedException leftover) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Thread> start(int count, Runnable work) {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread caller = new Thread(work);
            callers.add(caller);
            caller.start();
        }
        return callers;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void each_task_runs_once_and_never_more_than_the_cap_at_a_time(int cap) throws Exception {
        GrowingPool pool = pool(cap);
        int each = 5_000;
        AtomicIntegerArray runs = new AtomicIntegerArray(CALLERS * each);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(CALLERS * each);
        List<Thread> callers = start(CALLERS, () -> {
            Random random = new Random(cap);
            for (int i = 0; i < each; i++) {
                int task = next.getAndIncrement();
                int kind = random.nextInt(20);
                pool.execute(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    runs.incrementAndGet(task);
                    isRunBy(Thread.currentThread());
                    if (kind == 0) {
                        Thread.yield();
                    } else if (kind == 1) {
                        Thread.currentThread().interrupt(); // Left over for the next task.
                    }
                    running.decrementAndGet();
                    all.countDown();
                });
                if (kind == 2) { // So that the pool runs dry now and then.
                    CountDownLatch dry = new CountDownLatch(1);
                    pool.execute(dry::countDown);
                    assertThat(isOver(dry)).isTrue();
                }
            }
        });
        awaits(all);
        join(callers);

        for (int task = 0; task < runs.length(); task++) {
            assertThat(runs.get(task)).as("runs of task %s", task).isEqualTo(1);
        }
        assertThat(most.get()).isLessThanOrEqualTo(cap);
        assertThat(pool.size()).isLessThanOrEqualTo(cap);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void tasks_that_block_at_any_moment_hold_up_no_other_below_the_cap(int threadsLeft) throws Exception {
        int blocked = 10;
        GrowingPool pool = pool(blocked + threadsLeft);
        int each = 1_000;
        AtomicInteger toBlock = new AtomicInteger(blocked);
        CountDownLatch quick = new CountDownLatch(CALLERS * each);
        Random seeds = new Random(threadsLeft);
        List<Thread> callers = start(CALLERS, () -> {
            Random random = new Random(seeds.nextLong());
            for (int i = 0; i < each; i++) {
                if (random.nextInt(20) == 0 && toBlock.getAndDecrement() > 0) {
                    pool.execute(this::blocks);
                }
                pool.execute(quick::countDown);
            }
        });

        awaits(quick);
        join(callers);
        assertThat(toBlock.get()).as("all have been given that block").isNegative();
        CountDownLatch one = new CountDownLatch(1);
        pool.execute(one::countDown);
        awaits(one);
    }

    @Test
    void a_task_may_wait_for_one_that_it_adds_itself_as_deep_as_the_cap() throws Exception {
        int cap = 30;
        GrowingPool pool = pool(cap);
        for (int round = 0; round < 50; round++) {
            CountDownLatch end = new CountDownLatch(1);
            pool.execute(() -> nested(pool, cap - 1, end));
            awaits(end);
        }
        assertThat(pool.size()).isLessThanOrEqualTo(cap);
    }

    private static void nested(GrowingPool pool, int deeper, CountDownLatch end) {
        if (deeper == 0) {
            end.countDown();
            return;
        }
        CountDownLatch inner = new CountDownLatch(1);
        pool.execute(() -> nested(pool, deeper - 1, inner));
        try {
            if (inner.await(PATIENCE_SECONDS, SECONDS)) {
                end.countDown();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000})
    void a_task_added_while_the_last_thread_goes_away_is_run(long keepAliveNanos) throws Exception {
        GrowingPool pool = new GrowingPool("meshlease-test-", 2, "unused", keepAliveNanos);
        for (int round = 0; round < 3_000; round++) {
            CountDownLatch ran = new CountDownLatch(1);
            pool.execute(ran::countDown);
            awaits(ran);
        }
    }

    @Test
    void all_threads_go_away_and_come_again() throws Exception {
        GrowingPool pool = new GrowingPool("meshlease-test-", 20, "unused", 1_000_000);
        for (int round = 0; round < 2; round++) {
            CountDownLatch entered = new CountDownLatch(20);
            CountDownLatch leave = new CountDownLatch(1);
            for (int i = 0; i < 20; i++) {
                pool.execute(() -> {
                    isRunBy(Thread.currentThread());
                    entered.countDown();
                    try {
                        assertThat(leave.await(PATIENCE_SECONDS, SECONDS)).isTrue();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            awaits(entered);
            assertThat(pool.size()).isEqualTo(20);
            leave.countDown();
            long end = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
            for (Thread thread : seen) {
                NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
                assertThat(thread.isAlive()).isFalse();
            }
            assertThat(pool.size()).isZero();
            assertThat(seen).hasSize((round + 1) * 20);
        }
    }
}
