package dev.meshlease.internal.registry;

import java.util.Collections;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packet ids of one link. A counter from a random start, scrambled one to one: no id comes twice within 2^32, and those of two runs
 * of a program have nothing to do with each other. Nodes remember the latest 20 ids, and swallow repeats: so an id is free again only when
 * more than those were given back after it.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
final class PacketIds {
    private final AtomicInteger counter;
    private static final int REMEMBERED = 20;

    private final Set<Integer> inUse = ConcurrentHashMap.newKeySet();
    // Always as many, 0 for none.
    private final Queue<Integer> late = new ConcurrentLinkedQueue<>(Collections.nCopies(REMEMBERED, 0));

    PacketIds(int seed) {
        this.counter = new AtomicInteger(seed);
    }

    /** An id that is in use from now on, or 0 if the wanted one is in use already. */
    int reserve(int wanted) {
        if (wanted != 0) {
            return inUse.add(wanted) ? wanted : 0;
        }
        for (; ; ) {
            int id = scramble(counter.getAndIncrement());
            if (id != 0 && inUse.add(id)) {
                return id;
            }
        }
    }

    void release(int id) {
        late.add(id);
        inUse.remove(late.remove());
    }

    /** A bijection of the 32-bit numbers: each step (xor with its own high bits, times an odd number) can be undone. */
    private static int scramble(int number) {
        int mixed = number;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
