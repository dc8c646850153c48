package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.internal.loop.SystemEnvironment;
import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DispatcherTest {
    private final List<String> ran = new ArrayList<>();

    @Test
    void what_found_no_thread_runs_before_what_comes_next() throws Exception {
        boolean[] exhausted = {true};
        try (Loop loop = new SystemEnvironment().newLoop("test")) {
            Dispatcher dispatcher = new Dispatcher(threads(exhausted), loop);
            onLoop(loop, () -> {
                dispatcher.hold();
                dispatcher.execute(() -> ran.add("one"));
                dispatcher.execute(() -> ran.add("two"));
                dispatcher.release();
            });
            assertThat(ran).isEmpty();

            dispatcher.execute(() -> ran.add("three"));
            assertThat(ran).isEmpty();
            exhausted[0] = false;
            dispatcher.execute(() -> ran.add("four"));
        }

        assertThat(ran).containsExactlyInAnyOrder("one", "two", "three", "four").endsWith("four");
    }

    @Test
    void what_found_no_thread_is_tried_again_if_nothing_comes_next() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        try (Loop loop = new SystemEnvironment().newLoop("test")) {
            Dispatcher dispatcher = new Dispatcher(
                    task -> {
                        if (tries.incrementAndGet() < 3) {
                            throw new InternalError("no more threads, as the test wants it");
                        }
                        task.run();
                    },
                    loop);
            dispatcher.execute(done::countDown);

            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void what_comes_from_the_loop_while_it_holds_goes_at_the_release_and_all_else_at_once() throws Exception {
        try (Loop loop = new SystemEnvironment().newLoop("test")) {
            Dispatcher dispatcher = new Dispatcher(Runnable::run, loop);
            onLoop(loop, dispatcher::hold);
            dispatcher.execute(() -> ran.add("another thread's"));
            onLoop(loop, () -> dispatcher.execute(() -> ran.add("the loop's")));
            assertThat(ran).containsExactly("another thread's");

            onLoop(loop, dispatcher::release);
            assertThat(ran).containsExactly("another thread's", "the loop's");
        }
    }

    private static Executor threads(boolean[] exhausted) {
        return task -> {
            if (exhausted[0]) {
                throw new InternalError("no more threads, as the test wants it");
            }
            task.run();
        };
    }

    private static void onLoop(Loop loop, Runnable task) throws Exception {
        CompletableFuture.runAsync(task, loop).get(10, TimeUnit.SECONDS);
    }
}
