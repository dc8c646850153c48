package dev.meshlease.internal.link;

import java.util.Arrays;

/**
 * Which packets came over a link lately, by sender and id: of the last {@value #MOST} at least, of twice as many at the most. Once it has
 * grown to that, it allocates nothing.
 */
final class Repeats {
    static final int MOST = 4_096;
    private static final int FEWEST = 64;

    // Two sets with open addressing, half empty at least, 0 for an empty slot. When the one is full the older one is
    // forgotten.
    private long[] recent = new long[2 * FEWEST];
    private long[] older = recent.clone();
    private int count;

    /** Notes a packet; tells whether it was known. An id of 0 is none. */
    boolean isRepeat(int sender, int id) {
        if (id == 0) {
            return false;
        }
        long key = ((long) sender << 32) | (id & 0xFFFF_FFFFL);
        if (recent[slot(recent, key)] == key) {
            return true;
        }
        boolean isKnown = older[slot(older, key)] == key;
        if (count == recent.length / 2) {
            makeRoom();
        }
        recent[slot(recent, key)] = key;
        count++;
        return isKnown;
    }

    private void makeRoom() {
        if (count < MOST) {
            long[] former = recent;
            recent = new long[2 * former.length];
            for (long key : former) {
                if (key != 0) {
                    recent[slot(recent, key)] = key;
                }
            }
            return;
        }
        long[] forgotten = older.length == recent.length ? older : new long[recent.length];
        Arrays.fill(forgotten, 0);
        older = recent;
        recent = forgotten;
        count = 0;
    }

    /** Where the key is, or where it would be. */
    private static int slot(long[] set, long key) {
        int mask = set.length - 1;
        int slot = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (set[slot] != 0 && set[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
