package dev.meshlease.internal.link;

import dev.meshlease.message.Cursor;
import dev.meshlease.message.Reception;
import dev.meshlease.message.WirePacket;

/** The places in the stream of packets of one link, over all its generations. */
final class PacketStream {
    private final long link;
    private final Repeats repeats = new Repeats();
    private long position;

    PacketStream(long link) {
        this.link = link;
    }

    /** Behind the last packet. */
    Cursor here() {
        return new Cursor(link, position);
    }

    /** The place of one more packet, from the node. */
    Reception next(WirePacket packet, long generation, Moment now) {
        boolean isRepeat = repeats.isRepeat(packet.from(), packet.id());
        return new Reception(next(), generation, now.wall(), isRepeat, false);
    }

    /** The place of one more packet, which a lease has sent. */
    Reception nextOfSibling(long generation, Moment now) {
        return new Reception(next(), generation, now.wall(), false, true);
    }

    private Cursor next() {
        position++;
        return here();
    }
}
