package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A listener that notes what it is told. Others extend it to misbehave. */
class Told implements PacketListener {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Integer> ids = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private long missed;

    static List<Integer> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @Override
    public final void onPacket(InboundPacket packet) {
        note(packet.id() + "", packet.id(), 0);
        isTold();
    }

    @Override
    public final void onGap(Gap gap) {
        note(gap.reason() + " " + gap.missed().orElse(0), null, gap.missed().orElse(0));
    }

    private synchronized void note(String what, Integer id, long lost) {
        if (id != null) {
            ids.add(id);
        }
        words.add(what);
        missed += lost;
        notifyAll();
    }

    /** Runs inside the callback, when the packet has been noted. */
    protected void isTold() {}

    /** The packets' ids. */
    synchronized List<Integer> ids() {
        return List.copyOf(ids);
    }

    /** Ids, and gaps at their places. */
    synchronized List<String> words() {
        return List.copyOf(words);
    }

    /** How many packets its gaps have said to be missing. */
    synchronized long missed() {
        return missed;
    }

    /** Waits until it knows what became of that many packets. */
    synchronized void awaits(long packets) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toNanos();
                    ids.size() + missed < packets && left > 0;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
        assertThat(ids.size() + missed)
                .as("packets told, or told to be missing")
                .isEqualTo(packets);
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
