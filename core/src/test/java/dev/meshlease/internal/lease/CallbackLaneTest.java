package dev.meshlease.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CallbackLaneTest {
    private final Queue<Runnable> library = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();

    @Test
    void a_checked_exception_that_nobody_declared_does_not_stop_the_lane_either() {
        CallbackLane lane = lane(library::add);
        lane.execute(() -> sneak(new IOException("thrown by the test, as Kotlin code may")));
        lane.execute(() -> ran.add("next"));

        runAll();
        lane.execute(() -> ran.add("later"));
        runAll();

        assertThat(ran).containsExactly("next", "later");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable any) throws T {
        throw (T) any;
    }

    @Test
    void tasks_run_in_order_one_at_a_time() {
        CallbackLane lane = lane(library::add);
        lane.execute(() -> {
            ran.add("first begins");
            lane.execute(() -> ran.add("third"));
            ran.add("first ends");
        });
        lane.execute(() -> ran.add("second"));

        runAll();

        assertThat(ran).containsExactly("first begins", "first ends", "second", "third");
    }

    @Test
    void an_idle_lane_holds_no_thread_and_a_busy_one_only_one() {
        CallbackLane lane = lane(library::add);
        for (int i = 0; i < 200; i++) {
            lane.execute(() -> ran.add("task"));
            assertThat(library).hasSize(1);
        }

        runAll();

        assertThat(ran).hasSize(200);
        assertThat(library).isEmpty();
    }

    @Test
    void a_task_that_throws_does_not_stop_the_lane() {
        CallbackLane lane = lane(library::add);
        lane.execute(() -> {
            throw new IllegalStateException("thrown by the test, as intended");
        });
        lane.execute(() -> ran.add("next"));

        runAll();

        assertThat(ran).containsExactly("next");
    }

    @Test
    void a_users_executor_is_called_from_the_librarys_thread_only() {
        CallbackLane lane = new CallbackLane(() -> "test", library::add, Runnable::run);

        lane.execute(() -> ran.add("in place"));
        assertThat(ran).isEmpty();
        runAll();

        assertThat(ran).containsExactly("in place");
    }

    @Test
    void what_a_users_executor_rejects_is_counted_or_run_by_the_library_and_the_lane_goes_on() {
        List<Runnable> taken = new ArrayList<>();
        boolean[] rejects = {true};
        Executor users = task -> {
            if (rejects[0]) {
                throw new RejectedExecutionException("full, as the test wants it");
            }
            taken.add(task);
        };
        CallbackLane lane = new CallbackLane(() -> "test", library::add, users);
        lane.execute(new CallbackLane.Task() {
            @Override
            public void rejected() {
                ran.add("counted");
            }

            @Override
            public void run() {
                ran.add("listener");
            }
        });
        lane.execute(() -> ran.add("future"));
        runAll();
        assertThat(ran).containsExactly("counted", "future");

        rejects[0] = false;
        lane.execute(() -> ran.add("later"));
        runAll();
        taken.forEach(Runnable::run);

        assertThat(ran).endsWith("later");
    }

    private CallbackLane lane(Executor executor) {
        return new CallbackLane(() -> "test", executor, executor);
    }

    private void runAll() {
        for (Runnable task = library.poll(); task != null; task = library.poll()) {
            task.run();
        }
    }
}
