package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InflowTest {
    private final AtomicInteger announced = new AtomicInteger();
    private final Inflow inflow = new Inflow(4, announced::incrementAndGet);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    private void take() {
        inflow.takeTo(bytes -> {
            while (bytes.hasRemaining()) {
                taken.write(bytes.get());
            }
        });
    }

    @Test
    void what_comes_before_it_is_taken_is_announced_once() throws Exception {
        assertThat(inflow.put(new byte[] {1, 2, 9}, 2)).isTrue();
        assertThat(inflow.put(new byte[] {3}, 1)).isTrue();
        assertThat(announced).hasValue(1);
        take();
        take();
        assertThat(taken.toByteArray()).containsExactly(1, 2, 3);
        assertThat(inflow.put(new byte[] {4}, 1)).isTrue();
        assertThat(announced).hasValue(2);
    }

    @Test
    void whoever_is_too_far_ahead_waits_for_room() {
        var put = CompletableFuture.supplyAsync(() -> put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
        while (taken.size() < 10) {
            take();
            Thread.onSpinWait();
        }
        assertThat(put.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        assertThat(taken.toByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void at_its_end_nobody_waits() {
        var put = CompletableFuture.supplyAsync(() -> put(new byte[10]));
        while (announced.get() == 0) {
            Thread.onSpinWait();
        }
        inflow.end();
        assertThat(put.orTimeout(10, TimeUnit.SECONDS).join()).isFalse();
        assertThat(put(new byte[10])).isFalse();
    }

    private boolean put(byte[] bytes) {
        try {
            return inflow.put(bytes, bytes.length);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
