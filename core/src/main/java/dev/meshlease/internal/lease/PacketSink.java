package dev.meshlease.internal.lease;

import dev.meshlease.message.Cursor;

/** Where a link's packets go. All on the loop; quick; user code only where it has asked to run here. */
public interface PacketSink {
    /** Once, soon after it was attached: packets may have come in between. */
    void begin();

    /** Some packets, in the order of the wire. */
    void packets(Batch batch);

    /** From here on packets may be missing, since the link went down. */
    void gap(Cursor cursor);
}
