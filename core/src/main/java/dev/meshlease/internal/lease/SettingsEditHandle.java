package dev.meshlease.internal.lease;

import dev.meshlease.Delivery;
import dev.meshlease.Pending;
import dev.meshlease.SettingsEdit;
import dev.meshlease.internal.link.Orders;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An edit in its holder's hands. What it may still do is decided here, once; what it comes to is decided on the loop. */
final class SettingsEditHandle implements SettingsEdit {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsEditHandle.class);

    private enum State {
        OPEN,
        COMMITTED,
        CLOSED
    }

    private final LeaseHandle lease;
    private final RightHandle<?> tenure;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    SettingsEditHandle(LeaseHandle lease, RightHandle<?> tenure) {
        this.lease = lease;
        this.tenure = tenure;
        tenure.watch(this, dropped(lease.label(), tenure, state));
    }

    private static Runnable dropped(String label, RightHandle<?> tenure, AtomicReference<State> state) {
        return () -> {
            if (state.compareAndSet(State.OPEN, State.CLOSED)) {
                LOG.warn("{}: an edit of the settings was dropped without being closed", label);
                tenure.giveBack();
            }
        };
    }

    @Override
    public Delivery apply(AdminMessage change) {
        Objects.requireNonNull(change, "change");
        PayloadVariantCase kind = change.getPayloadVariantCase();
        boolean isEmpty = kind == PayloadVariantCase.PAYLOADVARIANT_NOT_SET;
        if (isEmpty || !Orders.isChange(change) || Orders.isFrameOfAnEdit(change)) {
            throw new IllegalArgumentException(
                    "An edit takes changes, not " + kind + ". Ask with Lease.request, and end the edit with commit()");
        }
        lease.requireOpen();
        requireOpen(state.get());
        OrderHandle delivery = lease.order(change);
        lease.withRights((rights, now) -> rights.change(tenure, delivery, now));
        return delivery;
    }

    @Override
    public Pending<Void> commit() {
        lease.requireOpen();
        State before = state.compareAndExchange(State.OPEN, State.COMMITTED);
        requireOpen(before);
        AdminMessage message =
                AdminMessage.newBuilder().setCommitEditSettings(true).build();
        OrderHandle delivery = lease.order(message);
        lease.withRights((rights, now) -> rights.commit(tenure, delivery, now));
        tenure.over();
        return new Confirmation(delivery);
    }

    private void requireOpen(@Nullable State now) {
        if (now != State.OPEN) {
            throw new IllegalStateException(lease.label() + ": this edit of the settings is "
                    + (now == State.COMMITTED ? "committed" : "closed") + "; begin another one");
        }
    }

    @Override
    public void close() {
        if (state.compareAndSet(State.OPEN, State.CLOSED)) {
            tenure.giveBack();
        }
    }
}
