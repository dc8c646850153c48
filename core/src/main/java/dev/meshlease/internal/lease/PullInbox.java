package dev.meshlease.internal.lease;

import dev.meshlease.Inbox;
import dev.meshlease.internal.link.Due;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.TunedFeed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Packets read at the holder's own pace. Waiters are released by the loop, which looks at the queue after each turn. */
final class PullInbox extends PacketSubscription implements Inbox {
    PullInbox(LeaseHandle lease, TunedFeed feed) {
        super(lease, feed);
        if (feed.isInline() || feed.executor().isPresent()) {
            throw new IllegalArgumentException(
                    "An inbox is read by its holder and runs nothing: leave out on(executor) and inline(), or subscribe()");
        }
    }

    @Override
    void arrived() {}

    @Override
    public @Nullable Arrival poll() {
        for (; ; ) {
            if (!gate.isOpen()) {
                throw lease.closedException("the inbox is closed");
            }
            Arrival next = past();
            if (next == null) {
                next = unread.poll();
            } else {
                unread.gave(next);
            }
            if (!(next instanceof InboundPacket packet) || passes(packet)) {
                return next;
            }
            unread.unwanted();
        }
    }

    @Override
    public Arrival take(Duration patience) {
        long end = lease.nanoTime() + Due.nanos(patience);
        for (; ; ) {
            Arrival next = poll();
            if (next != null) {
                return next;
            }
            Duration left = Duration.ofNanos(Math.max(0, end - lease.nanoTime()));
            lease.await(
                    () -> !unread.isEmpty() || !gate.isOpen(), left, waited -> "Waited " + patience + " for a packet");
        }
    }
}
