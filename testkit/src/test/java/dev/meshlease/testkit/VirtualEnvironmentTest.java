package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class VirtualEnvironmentTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final Loop loop = environment.newLoop("one");
    private final List<String> log = new ArrayList<>();

    private void after(Duration delay, Runnable task) {
        loop.execute(() -> loop.schedule(delay.toNanos(), task));
    }

    @Test
    void nothing_runs_before_somebody_steps() {
        loop.execute(() -> log.add("loop"));
        environment.callbacks().execute(() -> log.add("callback"));
        assertThat(log).isEmpty();

        environment.settle();
        assertThat(log).containsExactly("loop", "callback");
        assertThat(environment.now()).isEqualTo(START);
    }

    @Test
    void settling_runs_what_follows_at_the_same_instant_and_no_timer_of_later() {
        after(Duration.ofNanos(1), () -> log.add("later"));
        after(Duration.ZERO, () -> loop.execute(() -> log.add("follows")));
        environment.settle();
        assertThat(log).containsExactly("follows");
    }

    @Test
    void timers_run_in_the_order_of_time_each_at_its_own_instant() {
        after(Duration.ofSeconds(3), () -> log.add("c " + environment.now()));
        after(Duration.ofSeconds(1), () -> log.add("a " + environment.now()));
        after(Duration.ofSeconds(1), () -> log.add("b " + environment.now()));
        after(Duration.ofSeconds(5), () -> log.add("too late"));
        environment.advance(Duration.ofSeconds(4));
        assertThat(log).containsExactly("a 2026-01-01T00:00:01Z", "b 2026-01-01T00:00:01Z", "c 2026-01-01T00:00:03Z");
        assertThat(environment.now()).isEqualTo(START.plusSeconds(4));
    }

    @Test
    void both_clocks_move_together() {
        long before = environment.time().nanoTime();
        environment.advance(Duration.ofDays(2));
        assertThat(environment.time().nanoTime() - before)
                .isEqualTo(Duration.ofDays(2).toNanos());
        assertThat(environment.time().instant()).isEqualTo(START.plus(Duration.ofDays(2)));
    }

    @Test
    void a_cancelled_timer_neither_runs_nor_stops_the_clock() throws InterruptedException {
        loop.execute(() -> {
            Loop.Timer timer = loop.schedule(Duration.ofSeconds(1).toNanos(), () -> log.add("cancelled"));
            loop.schedule(Duration.ofSeconds(2).toNanos(), () -> log.add("kept"));
            timer.cancel();
            timer.cancel();
        });
        assertThat(loop.await(() -> !log.isEmpty(), Duration.ofMinutes(1).toNanos()))
                .isTrue();
        assertThat(log).containsExactly("kept");
        assertThat(environment.now()).isEqualTo(START.plusSeconds(2));
    }

    @Test
    void loops_share_time_and_each_knows_its_own_tasks() {
        Loop other = environment.newLoop("other");
        loop.execute(() -> log.add("one: " + loop.isOwner() + " " + other.isOwner()));
        other.execute(() -> log.add("other: " + loop.isOwner() + " " + other.isOwner()));
        other.execute(
                () -> other.schedule(Duration.ofSeconds(1).toNanos(), () -> log.add("timer: " + other.isOwner())));
        environment.callbacks().execute(() -> log.add("callback: " + loop.isOwner() + " " + other.isOwner()));
        environment.advance(Duration.ofSeconds(1));
        assertThat(log).containsExactly("one: true false", "other: false true", "callback: false false", "timer: true");
        assertThat(loop.isOwner()).isFalse();
    }

    @Test
    void a_closed_loop_ends_its_tasks_drops_its_timers_and_refuses_more() {
        after(Duration.ofSeconds(1), () -> log.add("timer"));
        environment.settle();
        loop.execute(() -> log.add("given before"));
        loop.close();
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> log.add("given after")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("one");
        environment.advance(Duration.ofSeconds(2));
        assertThat(log).containsExactly("given before");
    }

    @Test
    void timers_are_set_on_the_loop_only() {
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.schedule(0, () -> {}))
                .withMessageContaining("execute");
    }

    @Test
    void there_are_no_sockets() throws IOException {
        try (var channel = SocketChannel.open()) {
            assertThatThrownBy(() -> loop.register(channel, ready -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Virtual time has no sockets");
        }
    }

    @Test
    void what_a_task_throws_comes_out_of_the_step_after_everything_else_has_run() {
        var first = new AssertionError("first");
        loop.execute(() -> {
            throw first;
        });
        environment.callbacks().execute(() -> {
            throw new IllegalArgumentException("second");
        });
        loop.execute(() -> log.add("ran"));
        assertThatIllegalStateException()
                .isThrownBy(environment::settle)
                .withMessageContaining("the virtual loop 'one'")
                .withCause(first)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .hasToString("java.lang.IllegalArgumentException: second"));
        assertThat(log).containsExactly("ran");
        environment.settle();
    }

    @Test
    void tasks_that_go_round_without_time_passing_are_found_out() {
        var small = VirtualEnvironment.create(1, 1000);
        Loop runaway = small.newLoop("runaway");
        runaway.execute(new Runnable() {
            @Override
            public void run() {
                runaway.execute(this);
            }
        });
        assertThatIllegalStateException()
                .isThrownBy(small::settle)
                .withMessageContaining("More than 1000 tasks")
                .withMessageContaining("runaway");
    }

    @Test
    void time_runs_forwards_only() {
        assertThatIllegalArgumentException().isThrownBy(() -> environment.advance(Duration.ofNanos(-1)));
    }

    @Test
    void randomness_depends_on_the_seed_alone() {
        var same = VirtualEnvironment.create(1);
        var different = VirtualEnvironment.create(2);
        long expected = environment.random().nextLong();
        assertThat(same.random().nextLong()).isEqualTo(expected);
        assertThat(different.random().nextLong()).isNotEqualTo(expected);
        assertThat(VirtualEnvironment.create(4711))
                .hasToString("VirtualEnvironment[now=2026-01-01T00:00:00Z, seed=4711]");
    }
}
