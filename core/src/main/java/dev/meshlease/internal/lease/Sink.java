package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryEvent;
import dev.meshlease.LinkStatus;
import dev.meshlease.proto.FromRadio;

/** Where goes what a link tells besides packets. All on the loop; quick; never user code. Each kind of watch overrides what it wants. */
public interface Sink {
    /** The status at the moment; once, soon after it was attached. Later ones follow from here. */
    default void begin(LinkStatus current) {}

    default void status(LinkStatus status) {}

    default void message(FromRadio message) {}

    /** From its own lease. */
    default void delivery(DeliveryEvent event) {}
}
