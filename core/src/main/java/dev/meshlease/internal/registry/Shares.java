package dev.meshlease.internal.registry;

import dev.meshlease.internal.lease.LeaseHandle;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The leases of one link, and whether there may be more. Joining takes no lock and no turn of the loop; only the first and the last
 * matter to the link.
 */
final class Shares {
    private final ShareCount count = new ShareCount();
    private final Set<LeaseHandle> leases = ConcurrentHashMap.newKeySet();

    /** Counts one in; tells how many there were before, or a negative number if the link is sealed. */
    long join() {
        return count.join();
    }

    void add(LeaseHandle lease) {
        leases.add(lease);
    }

    /** Counts one out; tells whether it was the last. */
    boolean leave(LeaseHandle lease) {
        leases.remove(lease);
        return count.leave();
    }

    boolean isEmpty() {
        return count.isEmpty();
    }

    boolean isSealed() {
        return count.isSealed();
    }

    /** Lets nobody in any more, if nobody is in. */
    boolean sealIfEmpty() {
        return count.sealIfEmpty();
    }

    /** Lets nobody in any more; tells whether it was open before. */
    boolean seal() {
        return count.seal();
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
