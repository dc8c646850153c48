package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GrowingPoolTest {
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void a_hundred_tasks_that_block_leave_the_next_one_undisturbed() throws Exception {
        var pool = new GrowingPool("meshlease-test-", 512, "unused");
        var blocked = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            pool.execute(() -> block(blocked));
        }
        assertThat(blocked.await(20, SECONDS)).isTrue();
        var next = new CountDownLatch(1);
        pool.execute(next::countDown);
        assertThat(next.await(20, SECONDS)).isTrue();
        gate.countDown();
    }

    @Test
    void at_the_cap_tasks_wait_for_a_thread_and_none_is_lost_or_run_by_the_caller() throws Exception {
        var pool = new GrowingPool("meshlease-test-", 3, "The test's pool is full, as intended");
        var blocked = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            pool.execute(() -> block(blocked));
        }
        assertThat(blocked.await(20, SECONDS)).isTrue();
        var ran = new AtomicInteger();
        var all = new CountDownLatch(1000);
        Set<Thread> runners = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 1000; i++) {
            pool.execute(() -> {
                ran.incrementAndGet();
                runners.add(Thread.currentThread());
                all.countDown();
            });
        }
        assertThat(ran).hasValue(0);
        gate.countDown();
        assertThat(all.await(20, SECONDS)).isTrue();
        assertThat(runners).hasSizeLessThanOrEqualTo(3).doesNotContain(Thread.currentThread());
        assertThat(pool.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void callers_racing_at_the_cap_lose_nothing() throws Exception {
        var pool = new GrowingPool("meshlease-test-", 2, "The test's pool is full, as intended");
        int each = 20_000;
        var all = new CountDownLatch(3 * each);
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            var caller = new Thread(() -> {
                for (int j = 0; j < each; j++) {
                    pool.execute(all::countDown);
                }
            });
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join(SECONDS.toMillis(40));
        }
        assertThat(all.await(40, SECONDS)).isTrue();
    }

    @Test
    void threads_are_named_daemons_that_end_when_idle() throws Exception {
        var pool = new GrowingPool("meshlease-test-", 4, "unused");
        var runner = new AtomicReference<Thread>();
        var ran = new CountDownLatch(1);
        pool.execute(() -> {
            runner.set(Thread.currentThread());
            ran.countDown();
        });
        assertThat(ran.await(20, SECONDS)).isTrue();
        assertThat(runner.get().getName()).isEqualTo("meshlease-test-1");
        assertThat(runner.get().isDaemon()).isTrue();
        runner.get().join(SECONDS.toMillis(20));
        assertThat(runner.get().isAlive()).isFalse();
        assertThat(pool.size()).isZero();
    }

    @Test
    void a_task_that_throws_takes_nothing_with_it() throws Exception {
        var pool = new GrowingPool("meshlease-test-", 1, "The test's pool is full, as intended");
        pool.execute(() -> {
            throw new IllegalStateException("thrown by the test's task");
        });
        var next = new CountDownLatch(1);
        pool.execute(next::countDown);
        assertThat(next.await(20, SECONDS)).isTrue();
    }

    private void block(CountDownLatch started) {
        started.countDown();
        try {
            assertThat(gate.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
