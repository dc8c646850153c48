package dev.meshlease.internal.registry;

import dev.meshlease.internal.link.PacketIds;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packet ids of one link. A counter from a random start, scrambled one to one: no id comes twice within 2^32, and those of two runs
 * of a program have nothing to do with each other. Nodes remember the latest 20 ids that they were given, and swallow repeats: so an id
 * that was written is free again only when 20 others were written after it.
 *
 * <p><b>Threading:</b> safe from any thread, but for {@link #written}, which is the loop's.
 */
final class PacketIdPool implements PacketIds {
    private static final int REMEMBERED = 20;

    private final AtomicInteger counter;
    private final Set<Integer> inUse = ConcurrentHashMap.newKeySet();
    private final Set<Integer> remembered = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<Integer> written = new ArrayDeque<>(); // Those, oldest first.

    PacketIdPool(int seed) {
        this.counter = new AtomicInteger(seed);
    }

    @Override
    public int reserve() {
        for (; ; ) {
            int id = scramble(counter.getAndIncrement());
            if (id != 0 && reserve(id)) {
                return id;
            }
        }
    }

    @Override
    public boolean reserve(int wanted) {
        if (!inUse.add(wanted)) {
            return false;
        }
        if (remembered.contains(wanted)) { // Looked at afterwards, since whoever had it may just have given it back.
            inUse.remove(wanted);
            return false;
        }
        return true;
    }

    @Override
    public void release(int id) {
        inUse.remove(id);
    }

    @Override
    public void written(int id) {
        if (!remembered.add(id)) {
            written.remove(id); // It is the newest again, for a node that has forgotten it.
        }
        written.add(id);
        if (written.size() > REMEMBERED) {
            remembered.remove(written.remove());
        }
    }

    /** A bijection of the 32-bit numbers: each step (xor with its own high bits, times an odd number) can be undone. */
    private static int scramble(int number) {
        int mixed = number;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
