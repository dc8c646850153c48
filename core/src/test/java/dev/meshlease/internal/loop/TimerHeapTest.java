package dev.meshlease.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private final TimerHeap heap = new TimerHeap();
    private final List<Integer> ran = new ArrayList<>();

    @Property
    void runs_what_is_due_by_deadline_then_by_making_and_never_what_was_cancelled(
            @ForAll @Size(max = 300) List<@IntRange(max = 40) Integer> deadlines,
            @ForAll @Size(300) List<Boolean> cancels,
            @ForAll @IntRange(max = 40) int now) {
        var timers = new TimerHeap();
        var seen = new ArrayList<Integer>();
        var made = new ArrayList<Loop.Timer>();
        for (int i = 0; i < deadlines.size(); i++) {
            int number = i;
            made.add(timers.add(deadlines.get(i), () -> seen.add(number)));
        }
        var expected = new ArrayList<Integer>();
        for (int i = 0; i < deadlines.size(); i++) {
            if (cancels.get(i)) {
                made.get(i).cancel();
                made.get(i).cancel();
            } else if (deadlines.get(i) <= now) {
                expected.add(i);
            }
        }
        expected.sort(Comparator.comparing(deadlines::get));
        timers.takeDue(now, Runnable::run);
        assertThat(seen).isEqualTo(expected);
        timers.takeDue(40, Runnable::run);
        assertThat(timers.size()).isZero();
        assertThat(timers.untilNext(40)).isEqualTo(-1);
    }

    @Test
    void a_timer_set_by_a_timer_waits_for_the_next_time_even_if_due() {
        heap.add(5, () -> heap.add(5, () -> ran.add(2)));
        heap.takeDue(5, Runnable::run);
        assertThat(ran).isEmpty();
        assertThat(heap.untilNext(5)).isZero();
        heap.takeDue(5, Runnable::run);
        assertThat(ran).containsExactly(2);
    }

    @Test
    void a_timer_may_cancel_another_that_is_due_and_itself() {
        var own = new Loop.Timer[1];
        var other = new Loop.Timer[1];
        own[0] = heap.add(1, () -> {
            own[0].cancel();
            other[0].cancel();
        });
        other[0] = heap.add(2, () -> ran.add(2));
        heap.add(3, () -> ran.add(3));
        heap.takeDue(9, Runnable::run);
        assertThat(ran).containsExactly(3);
    }

    @Test
    void tells_the_time_until_the_next_timer_that_counts() {
        assertThat(heap.untilNext(0)).isEqualTo(-1);
        Loop.Timer cancelled = heap.add(10, () -> {});
        heap.add(25, () -> {});
        assertThat(heap.untilNext(4)).isEqualTo(6);
        cancelled.cancel();
        assertThat(heap.untilNext(4)).isEqualTo(21);
        assertThat(heap.untilNext(26)).isZero();
    }

    @Test
    void cancelled_timers_do_not_pile_up() {
        for (int i = 0; i < 100_000; i++) {
            heap.add(1_000_000_000L + i, () -> {}).cancel();
            assertThat(heap.size()).isLessThan(200);
        }
    }
}
