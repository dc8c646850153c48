package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkStatus;
import dev.meshlease.OwnedLink;
import dev.meshlease.spi.LinkKey;
import java.util.List;
import java.util.Set;

/** The owner's handle of a link. Another object than the link, so that no holder can close it by a cast. */
final class DeclaredLink implements OwnedLink {
    private final SharedLink link;
    private final Runnable awaitGone;

    DeclaredLink(SharedLink link, Runnable awaitGone) {
        this.link = link;
        this.awaitGone = awaitGone;
    }

    @Override
    public void close() {
        link.shut();
        awaitGone.run();
    }

    @Override
    public Endpoint endpoint() {
        return link.endpoint();
    }

    @Override
    public Set<LinkKey> keys() {
        return link.keys();
    }

    @Override
    public LinkStatus status() {
        return link.status();
    }

    @Override
    public List<LeaseInfo> leases() {
        return link.leases();
    }

    @Override
    public Lease acquire(LeaseOptions options) {
        return link.acquire(options);
    }

    @Override
    public void resetBackoff() {
        link.resetBackoff();
    }

    @Override
    public String describe() {
        return link.describe();
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
