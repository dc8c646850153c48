package dev.meshlease.internal.registry;

import dev.meshlease.internal.lease.LeaseHandle;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The leases of one link, and whether there may be more. Joining takes no lock and no turn of the loop; only the first and the last
 * matter to the link.
 */
final class Shares {
    private static final long SEALED = Long.MIN_VALUE / 2;

    // Never negative while open; sealing adds SEALED once, so that leases still leaving are counted right.
    private final AtomicLong count = new AtomicLong();
    private final Set<LeaseHandle> leases = ConcurrentHashMap.newKeySet();

    /** Counts one in; tells how many there were before, or a negative number if the link is sealed. */
    long join() {
        return count.getAndUpdate(now -> now < 0 ? now : now + 1);
    }

    void add(LeaseHandle lease) {
        leases.add(lease);
    }

    /** Counts one out; tells whether it was the last. */
    boolean leave(LeaseHandle lease) {
        leases.remove(lease);
        return count.decrementAndGet() == 0;
    }

    boolean isEmpty() {
        return count.get() == 0;
    }

    boolean isSealed() {
        return count.get() < 0;
    }

    /** Lets nobody in any more, if nobody is in. */
    boolean sealIfEmpty() {
        return count.compareAndSet(0, SEALED);
    }

    /** Lets nobody in any more; tells whether it was open before. */
    boolean seal() {
        long before = count.getAndUpdate(now -> now < 0 ? now : now + SEALED);
        return before >= 0;
    }

    /** Oldest first. */
    List<LeaseHandle> list() {
        return leases.stream()
                .sorted(Comparator.comparingLong(LeaseHandle::number))
                .toList();
    }

    List<String> holders() {
        return list().stream().map(LeaseHandle::holder).toList();
    }
}
