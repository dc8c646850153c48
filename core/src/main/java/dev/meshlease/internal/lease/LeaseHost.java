package dev.meshlease.internal.lease;

import dev.meshlease.Endpoint;
import dev.meshlease.Link;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.PacketIds;
import dev.meshlease.internal.link.Rights;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.TimeSource;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a lease needs of its link. From any thread unless a method says otherwise. */
public interface LeaseHost {
    Endpoint endpoint();

    Link link();

    Loop loop();

    TimeSource time();

    /** Where the library's own work for callbacks runs; never the user's executor. */
    Executor dispatcher();

    /** Does something on the loop; nothing once that has ended. */
    void post(Runnable task);

    /** Something was dropped without being closed, and is to be given back. Never on the loop. */
    void dropped(Runnable giveBack);

    LinkStatus status();

    @Nullable
    NodeSnapshot snapshot();

    PacketIds packetIds();

    void submit(Shipment shipment, boolean mayWait);

    /** Withdraws a shipment that the caller has {@linkplain Shipment#take taken} back. */
    void cancelled(Shipment shipment);

    /** Does something with the rights of which one lease at a time has each, on the loop; nothing once that has ended. */
    void withRights(BiConsumer<Rights, Moment> task);

    /** The last packets. */
    History history();

    /** Attaches it at once: what the node sends from now on reaches it. */
    void attach(PacketSink sink);

    void detach(PacketSink sink);

    void attach(Sink sink);

    void detach(Sink sink);

    /** Completes it with the snapshot once the link is READY, or fails it once the link is closed. */
    void whenReady(PendingValue<NodeSnapshot> waiting);

    void forget(PendingValue<NodeSnapshot> waiting);

    /** Cancels what a closed lease has queued since it was closed. */
    void purge(LeaseHandle lease);

    /** The lease is closed; called once. */
    void left(LeaseHandle lease);
}
