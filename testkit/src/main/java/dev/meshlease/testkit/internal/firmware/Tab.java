package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.FromRadio;

/**
 * A client of the node's web interface, as a forgotten browser tab is one: it takes all that waits for clients, again and again, and
 * never times out. On the node's thread.
 */
public final class Tab {
    private final Firmware firmware;
    private final long everyNanos;
    private int packets;
    private int others;
    private boolean closed;

    Tab(Firmware firmware, long everyNanos) {
        this.firmware = firmware;
        this.everyNanos = everyNanos;
    }

    /** Looks after a while, and again and again as long as the firmware runs. */
    void look() {
        firmware.host().schedule(everyNanos, () -> firmware.doors().turns().ask(this::poll));
    }

    private void poll() {
        try {
            if (!closed) {
                takeAll();
                look();
            }
        } finally {
            firmware.doors().turns().over();
        }
    }

    private void takeAll() {
        for (FromRadio next = firmware.phone().poll();
                next != null;
                next = firmware.phone().poll()) {
            if (next.hasPacket()) {
                packets++;
            } else {
                others++;
            }
        }
    }

    /** How many packets it has taken. */
    public int packets() {
        return packets;
    }

    /** How many other messages it has taken: queue statuses, notifications. */
    public int others() {
        return others;
    }

    void close() {
        closed = true;
    }
}
