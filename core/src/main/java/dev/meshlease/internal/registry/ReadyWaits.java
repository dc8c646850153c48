package dev.meshlease.internal.registry;

import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.MeshleaseException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.lease.PendingValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Those who wait for a link to be READY. Loop only. */
final class ReadyWaits {
    private final List<PendingValue<NodeSnapshot>> waiting = new ArrayList<>();

    void add(PendingValue<NodeSnapshot> one) {
        waiting.add(one);
    }

    void remove(PendingValue<NodeSnapshot> one) {
        waiting.remove(one);
    }

    /**
     * Ends the waits if the link is where they end.
     *
     * @param closed why it is, if the status does not say
     */
    void settle(
            LinkStatus status,
            Supplier<@Nullable NodeSnapshot> snapshot,
            Supplier<? extends MeshleaseException> closed) {
        if (waiting.isEmpty()) {
            return;
        }
        if (status.state() == LinkState.READY) {
            NodeSnapshot told = Objects.requireNonNull(snapshot.get(), "the handshake's result comes before READY");
            waiting.forEach(one -> one.complete(told));
            waiting.clear();
        } else if (status.state() == LinkState.CLOSED) {
            MeshleaseException why = status.closedWith().orElseGet(closed);
            waiting.forEach(one -> one.fail(why));
            waiting.clear();
        }
    }
}
