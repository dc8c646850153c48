package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.Switch;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's transmitter: one transmission at a time, each after a random wait in which others may be faster. On the node's thread.
 *
 * <p>A packet leaves the queue when its transmission starts. The waits are those measured at a node with the LongFast preset: 0 to 7 slots
 * for a packet of its own, 16 to 143 for one that it repeats.
 */
final class Transmitter {
    private static final int OWN_SLOTS = 8;
    private static final int RELAY_FIRST_SLOT = 16;
    private static final int RELAY_SLOTS = 128;

    private static final int SHORT_PACKET_BYTES = 24;

    private final Firmware firmware;
    private final TxQueue queue;
    private final Consumer<Transmission> started;
    private final Consumer<Transmission> ended;

    private boolean busy;
    private long readyNanos;
    /** When the transmitter looks at its queue next, or null for not at all. */
    private @Nullable Long wakeNanos;

    Transmitter(Firmware firmware, Consumer<Transmission> started, Consumer<Transmission> ended) {
        this.firmware = firmware;
        this.started = started;
        this.ended = ended;
        queue = new TxQueue(firmware.get(Switch.TX_QUEUE));
        readyNanos = firmware.nanoTime();
    }

    int free() {
        return queue.free();
    }

    /** Whether that packet waits, whoever it was heard from. */
    boolean holds(Transmission transmission) {
        return queue.holds(
                transmission.packet().getFrom(), transmission.packet().getId());
    }

    /** Queues a packet of the node's own, unless the queue is full. */
    boolean offer(Transmission own) {
        return offer(own, firmware.random().nextInt(OWN_SLOTS), true);
    }

    /** Queues another node's packet to be repeated, unless the queue is full. */
    boolean offerRelay(Transmission relay) {
        return offer(relay, RELAY_FIRST_SLOT + firmware.random().nextInt(RELAY_SLOTS), false);
    }

    private boolean offer(Transmission transmission, int slots, boolean isOwn) {
        if (!queue.offer(transmission, firmware.nanoTime() + slots(slots), isOwn)) {
            return false;
        }
        plan();
        return true;
    }

    private long slots(int count) {
        return count * firmware.nanos(Switch.SLOT);
    }

    private void plan() {
        long now = firmware.nanoTime();
        OptionalLong due = queue.earliestDue(now);
        if (busy || due.isEmpty()) {
            return;
        }
        long delay = Math.max(0, Math.max(due.getAsLong() - now, readyNanos - now));
        if (wakeNanos == null || now + delay - wakeNanos < 0) {
            long planned = now + delay;
            wakeNanos = planned;
            firmware.host().schedule(delay, () -> wake(planned));
        }
    }

    private void wake(long planned) {
        if (wakeNanos == null || wakeNanos != planned) {
            return; // an earlier one has been planned since
        }
        wakeNanos = null;
        Transmission next = busy ? null : queue.takeDue(firmware.nanoTime());
        if (next == null) {
            plan();
            return;
        }
        busy = true;
        firmware.host().schedule(airtimeNanos(next.bytes()), () -> end(next));
        started.accept(next);
    }

    private void end(Transmission transmission) {
        busy = false;
        readyNanos = firmware.nanoTime() + slots(firmware.random().nextInt(OWN_SLOTS));
        ended.accept(transmission);
        plan();
    }

    private long airtimeNanos(int bytes) {
        return Math.round(firmware.nanos(Switch.AIRTIME) * symbols(bytes) / symbols(SHORT_PACKET_BYTES));
    }

    /** The length of a LoRa frame at spreading factor 11, coding rate 4/5 and a preamble of 16. */
    private static double symbols(int bytes) {
        return 16 + 4.25 + 8 + 5 * Math.ceil(8 * bytes / 44.0);
    }
}
