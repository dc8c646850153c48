package dev.meshlease.internal.lease;

import dev.meshlease.Delivery;
import dev.meshlease.Exclusive;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.Link;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.Pending;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Feed;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.Request;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A lease in its holder's hands, and nobody else's: nothing of the library's own leads here, so a holder that drops it without closing it is
 * found by the garbage collector. What the holder gets of it and may still need it for, a publisher or the wait for READY, leads here.
 *
 * <p>The fences keep a lease that is used for the last time from counting as dropped in the middle of that.
 */
final class HeldLease implements Lease {
    private final LeaseHandle handle;

    HeldLease(LeaseHandle handle) {
        this.handle = handle;
    }

    @Override
    public String holder() {
        return handle.holder();
    }

    @Override
    public Link link() {
        return handle.link();
    }

    @Override
    public Delivery send(OutboundMessage message) {
        try {
            return handle.send(message);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public <R> Pending<R> request(Request<R> request) {
        try {
            return handle.request(request);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Subscription subscribe(Feed feed, PacketListener listener) {
        try {
            return handle.subscribe(feed, listener);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Inbox inbox(Feed feed) {
        try {
            return handle.inbox(feed);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Flow.Publisher<Arrival> publisher(Feed feed) {
        return handle.publisher(feed, this);
    }

    @Override
    public <T> Subscription watch(Watch<T> what, Consumer<? super T> listener) {
        try {
            return handle.watch(what, listener);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public LinkStatus status() {
        return handle.status();
    }

    @Override
    public NodeSnapshot node() {
        return handle.node();
    }

    @Override
    public Pending<NodeSnapshot> ready() {
        return handle.ready(this);
    }

    @Override
    public <T extends AutoCloseable> Pending<T> exclusively(Exclusive<T> right) {
        try {
            return handle.exclusively(right);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Pending<Void> closed() {
        return handle.closed();
    }

    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close(Duration drain) {
        try {
            handle.close(drain);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String toString() {
        return handle.toString();
    }

    /** What stands behind it. */
    LeaseHandle handle() {
        return handle;
    }
}
