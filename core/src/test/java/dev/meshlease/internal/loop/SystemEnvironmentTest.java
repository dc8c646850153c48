package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Environment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SystemEnvironmentTest {
    private final Environment system = Environment.system();

    @Test
    void callbacks_run_on_threads_named_for_them() throws Exception {
        var name = new AtomicReference<String>();
        var ran = new CountDownLatch(1);
        system.callbacks().execute(() -> {
            name.set(Thread.currentThread().getName());
            ran.countDown();
        });
        assertThat(ran.await(20, SECONDS)).isTrue();
        assertThat(name.get()).startsWith("meshlease-callback-");
    }

    @Test
    void a_loop_bears_the_name_it_was_given() throws Exception {
        try (var loop = system.newLoop("meshlease-loop-9")) {
            assertThat(SelectorLoopTest.on(loop, () -> Thread.currentThread().getName()))
                    .isEqualTo("meshlease-loop-9");
        }
    }

    @Test
    void randomness_differs_between_environments() {
        assertThat(system.random().longs(4).toArray())
                .isNotEqualTo(Environment.system().random().longs(4).toArray());
    }

    @Test
    void the_monotonic_clock_never_runs_backwards() {
        long before = system.time().nanoTime();
        assertThat(system.time().nanoTime() - before).isNotNegative();
    }
}
