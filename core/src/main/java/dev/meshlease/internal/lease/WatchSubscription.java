package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryEvent;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import dev.meshlease.message.Cursor;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.NodeInfo;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something other than packets, given to a listener on the lease's lane. */
final class WatchSubscription<T> implements Subscription, Sink, CallbackLane.Task {
    private static final Logger LOG = LoggerFactory.getLogger(WatchSubscription.class);
    private static final int MOST = 1_024;

    private final LeaseHandle lease;
    private final Watch<T> what;
    private final Consumer<? super T> listener;
    private final Gate gate;
    private final Queue<T> unread = new ArrayDeque<>(); // Guarded by itself; a leaf.
    private boolean begun; // On the loop.
    private volatile boolean ended; // Nothing comes any more.
    private final AtomicBoolean onLane = new AtomicBoolean();
    private final AtomicBoolean warnedOfLoss = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    WatchSubscription(LeaseHandle lease, Watch<T> what, Consumer<? super T> listener) {
        this.lease = lease;
        this.gate = new Gate(lease.watching());
        this.what = what;
        this.listener = listener;
    }

    @Override
    public void begin(LinkStatus current, Supplier<List<NodeInfo>> nodes) {
        begun = true;
        if (watchesNodes()) {
            nodes.get().forEach(this::node);
        }
        status(current);
    }

    @Override
    public boolean watchesNodes() {
        return what.equals(Watch.nodes());
    }

    @Override
    public void node(NodeInfo node) {
        if (begun) {
            offer(node);
        }
    }

    @Override
    public void status(LinkStatus status) {
        if (begun) {
            offer(status);
            if (status.state() == LinkState.CLOSED) {
                ended = true; // Not before it is queued: whoever finds nothing to read then closes the watch.
                wake();
            }
        }
    }

    @Override
    public boolean watchesMessages() {
        return what.equals(Watch.messages());
    }

    @Override
    public void message(FromRadio message) {
        offer(message);
        if (message.hasLogRecord()) {
            offer(message.getLogRecord());
        }
    }

    @Override
    public void printed(LogRecord line) {
        offer(line);
    }

    @Override
    public void delivery(DeliveryEvent event) {
        offer(event);
    }

    private void offer(Object value) {
        if (gate.isOpen() && what.type().isInstance(value)) {
            queue(what.type().cast(value));
            wake();
        }
    }

    private void wake() {
        if (gate.isOpen() && onLane.compareAndSet(false, true)) {
            lease.lane().execute(this);
        }
    }

    private boolean isEmpty() {
        synchronized (unread) {
            return unread.isEmpty();
        }
    }

    private void queue(T value) {
        boolean isBehind;
        synchronized (unread) {
            isBehind = unread.size() == MOST;
            if (isBehind) {
                unread.remove();
            }
            unread.add(value);
        }
        if (isBehind) {
            lostOne();
        }
    }

    private void lostOne() {
        if (warnedOfLoss.compareAndSet(false, true)) {
            LOG.warn("{}: its watch of {} is more than {} behind, and loses the oldest", lease.label(), what, MOST);
        }
    }

    @Override
    public void run() {
        onLane.set(false);
        for (T next = poll(); next != null && gate.isOpen(); next = poll()) {
            try {
                listener.accept(next);
            } catch (Throwable failure) {
                if (warned.compareAndSet(false, true)) {
                    LOG.warn("{}: its watch of {} failed; it stays registered", lease.label(), what, failure);
                }
            }
        }
        if (ended && isEmpty()) {
            close();
        }
    }

    private @Nullable T poll() {
        synchronized (unread) {
            return unread.poll();
        }
    }

    @Override
    public void rejected() {
        onLane.set(false);
        synchronized (unread) {
            unread.clear();
        }
        lostOne();
        if (ended) {
            close();
        }
    }

    @Override
    public Cursor cursor() {
        return lease.host().history().here();
    }

    @Override
    public boolean isOpen() {
        return gate.isOpen();
    }

    @Override
    public void close() {
        if (gate.close()) {
            lease.detached(this);
        }
    }
}
