package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryEvent;
import dev.meshlease.LinkStatus;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.NodeInfo;
import java.util.List;
import java.util.function.Supplier;

/** Where goes what a link tells besides packets. All on the loop; quick; never user code. Each kind of watch overrides what it wants. */
public interface Sink {
    /** What there is at the moment; once, soon after it was attached. What is new follows from here. */
    default void begin(LinkStatus current, Supplier<List<NodeInfo>> nodes) {}

    /** Whether it wants to know of {@link #node}. */
    default boolean watchesNodes() {
        return false;
    }

    /** A node that is known better by now. */
    default void node(NodeInfo node) {}

    default void status(LinkStatus status) {}

    /** Whether it wants to know of {@link #message}, packets too. */
    default boolean watchesMessages() {
        return false;
    }

    default void message(FromRadio message) {}

    /** What a serial console printed between its messages. */
    default void printed(LogRecord line) {}

    /** From its own lease. */
    default void delivery(DeliveryEvent event) {}
}
