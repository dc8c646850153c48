package dev.meshlease.examples.meshbot;

import dev.meshlease.Lease;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts what each lease is given of what the mesh sends; answers to the bot's own packets do not count. */
final class Tally {
    private static final PacketFilter MESH_TRAFFIC = PacketFilter.where(packet -> packet.requestId() == 0);

    private final Journal journal;
    private final Map<Lease, Integer> packets = new HashMap<>();
    private final Map<Cursor, Integer> holdersOf = new HashMap<>();
    private boolean shared;

    Tally(List<Lease> leases, Journal journal) {
        this.journal = journal;
        leases.forEach(lease -> packets.put(lease, 0));
        leases.forEach(lease -> lease.subscribe(MESH_TRAFFIC, packet -> count(lease, packet)));
    }

    private synchronized void count(Lease lease, InboundPacket packet) {
        packets.merge(lease, 1, Integer::sum);
        if (!shared && holdersOf.merge(packet.cursor(), 1, Integer::sum) == packets.size()) {
            shared = true;
            holdersOf.clear();
            journal.say("meshbot", "first packet in the hands of all " + packets.size() + " components: " + packet);
        }
        notifyAll();
    }

    synchronized int packets(Lease lease) {
        return packets.getOrDefault(lease, 0);
    }

    /** Waits until each lease has this many packets; no longer than the limit. */
    synchronized void await(int count, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); left > 0 && !isEach(count); left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private boolean isEach(int count) {
        return packets.values().stream().allMatch(have -> have >= count);
    }
}
