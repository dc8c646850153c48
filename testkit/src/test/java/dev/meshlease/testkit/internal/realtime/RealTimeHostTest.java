package dev.meshlease.testkit.internal.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealTimeHostTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<RealTimeHost> hosts = new ArrayList<>();

    private RealTimeHost host() {
        RealTimeHost host = RealTimeHost.start(1);
        hosts.add(host);
        return host;
    }

    @AfterEach
    void stop() {
        hosts.forEach(RealTimeHost::stop);
    }

    private static Thread threadOf(RealTimeHost host) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        host.execute(() -> thread.set(Thread.currentThread()));
        assertThat(host.await(() -> thread.get() != null, LIMIT)).isTrue();
        return thread.get();
    }

    @Test
    void fifty_share_two_threads_which_end_with_the_last_of_them() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 50; i++) {
            threads.add(threadOf(host()));
        }
        assertThat(threads).hasSize(2);
        hosts.subList(1, 50).forEach(RealTimeHost::stop);
        assertThat(threads).filteredOn(Thread::isAlive).hasSize(1);
        hosts.get(0).stop();
        hosts.get(0).stop();

        assertThat(threads).noneMatch(Thread::isAlive);
    }

    @Test
    void a_task_that_throws_costs_neither_its_node_nor_others_their_thread() {
        RealTimeHost one = host();
        host();
        RealTimeHost other = host();
        assertThat(threadOf(one)).isEqualTo(threadOf(other));
        AtomicInteger done = new AtomicInteger();
        one.execute(() -> {
            throw new AssertionError("as it should");
        });
        one.execute(() -> one.schedule(0, () -> {
            throw new StackOverflowError("as it should");
        }));
        one.execute(done::incrementAndGet);
        other.execute(() -> other.schedule(Duration.ofMillis(5).toNanos(), done::incrementAndGet));

        assertThat(other.await(() -> done.get() == 2, LIMIT)).isTrue();
    }

    @Test
    void a_stopped_one_runs_nothing_any_more_and_the_others_go_on() {
        RealTimeHost one = host();
        host();
        RealTimeHost other = host();
        AtomicBoolean late = new AtomicBoolean();
        AtomicBoolean early = new AtomicBoolean();
        one.execute(() -> one.schedule(Duration.ofMillis(50).toNanos(), () -> late.set(true)));
        one.execute(() -> early.set(true));
        one.stop();
        one.execute(() -> late.set(true));
        AtomicBoolean heard = new AtomicBoolean();
        other.execute(() -> other.schedule(Duration.ofMillis(100).toNanos(), () -> heard.set(true)));

        assertThat(other.await(heard::get, LIMIT)).isTrue();
        assertThat(early).isTrue();
        assertThat(late).isFalse();
        assertThat(one.await(() -> false, LIMIT)).as("nothing to wait for").isFalse();
    }

    @Test
    void a_wait_on_any_of_the_threads_is_refused() throws Exception {
        RealTimeHost one = host();
        RealTimeHost other = host();
        AtomicReference<RuntimeException> refusal = new AtomicReference<>();
        CountDownLatch tried = new CountDownLatch(1);
        one.execute(() -> {
            try {
                var unused = other.await(() -> true, LIMIT);
            } catch (IllegalStateException refused) {
                refusal.set(refused);
            }
            tried.countDown();
        });

        assertThat(tried.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(refusal.get()).hasMessageContaining("never end");
    }

    @Test
    void a_wait_that_is_interrupted_ends_and_says_so() {
        RealTimeHost one = host();
        Thread.currentThread().interrupt();

        assertThat(one.await(() -> false, LIMIT)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void timers_run_in_the_order_of_their_time_and_of_asking() {
        RealTimeHost one = host();
        List<Integer> order = new ArrayList<>();
        one.execute(() -> {
            one.schedule(Duration.ofMillis(20).toNanos(), () -> order.add(3));
            one.schedule(0, () -> order.add(1));
            one.schedule(0, () -> order.add(2));
        });

        assertThat(one.await(() -> order.size() == 3, LIMIT)).isTrue();
        assertThat(order).containsExactly(1, 2, 3);
    }
}
