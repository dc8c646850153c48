package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.TunedFeed;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Packets given to a trusted listener on the loop itself. */
final class InlineSubscription extends PacketSubscription {
    private final Listener listener;

    InlineSubscription(LeaseHandle lease, TunedFeed feed, PacketListener listener) {
        super(lease, feed);
        this.listener = new Listener(this, listener);
    }

    @Override
    void arrived() {
        // What comes is given at once, and the past by begin().
    }

    @Override
    public void begin() {
        while (isBehind() && gate.isOpen()) {
            Arrival next = next(1);
            if (next != null) {
                listener.give(next);
            }
        }
    }

    @Override
    void live(@Nullable InboundPacket[] packets, int count, long end) {
        for (int i = 0; i < count && gate.isOpen(); i++) {
            InboundPacket packet = Objects.requireNonNull(packets[i]);
            unread.take(packet);
            listener.give(packet);
        }
        if (gate.isOpen()) { // Otherwise it stopped at the packet it was given last.
            unread.looked(end);
        }
    }

    @Override
    public void gap(Cursor cursor) {
        if (gate.isOpen() && !isBehind()) {
            Gap gap = new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), cursor);
            unread.take(gap);
            listener.give(gap);
        }
    }
}
