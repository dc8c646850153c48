package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryException;
import dev.meshlease.Exclusive;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.NotReadyException;
import dev.meshlease.RequestException;
import dev.meshlease.internal.link.Due;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.internal.link.Tenure;
import dev.meshlease.proto.AdminMessage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lease's turn at a right, for the link. It knows the holder's wait only until that is over, and never what the turn came to: so what the
 * holder drops without closing it can be found out.
 */
final class RightHandle<T extends AutoCloseable> extends Tenure {
    /** What a node has for its answer, even if the turn came in the last moment. */
    private static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LeaseHandle lease;
    private final Exclusive<T> wanted;
    private @Nullable PendingValue<T> turn; // Loop only; null once it is over.
    private @Nullable OrderHandle begin;
    private @Nullable DroppedTool unusedWatch; // Only kept, for as long as the lease knows of the turn.

    RightHandle(LeaseHandle lease, Exclusive<T> wanted, PendingValue<T> turn) {
        super(wanted.right(), lease.number(), lease.holder(), lease.nanoTime() + Due.nanos(wanted.deadline()));
        this.lease = lease;
        this.wanted = wanted;
        this.turn = turn;
    }

    // ---- for the link, on the loop

    @Override
    protected Shipment begin(NodeSnapshot node) {
        AdminMessage question =
                AdminMessage.newBuilder().setBeginEditSettings(true).build();
        OrderHandle made = lease.order(question, Due.later(deadlineNanos(), lease.nanoTime() + BEGIN_NANOS));
        begin = made;
        return made;
    }

    @Override
    protected boolean granted() {
        PendingValue<T> waiting = turn;
        turn = null;
        if (waiting == null || waiting.isDone()) {
            over();
            return false;
        }
        return waiting.complete(wanted.type().cast(tool())); // If not, the tool is dropped, and found.
    }

    private AutoCloseable tool() {
        return switch (wanted.right()) {
            case SETTINGS -> new SettingsEditHandle(lease, this);
            case XMODEM, MQTT_PROXY -> new RawExchangeHandle(lease, this, wanted.right());
        };
    }

    @Override
    protected void refused(Refusal why, String holder) {
        PendingValue<T> waiting = turn;
        turn = null;
        if (waiting != null) {
            waiting.fail(failure(why, holder));
        }
        over();
    }

    private RuntimeException failure(Refusal why, String holder) {
        return switch (why) {
            case DEADLINE ->
                new RequestException(
                        RequestException.Reason.TIMEOUT,
                        story("its turn did not come within " + wanted.deadline() + "; " + wanted + ": " + holder
                                + ". Link: " + lease.status().state()),
                        lease.endpoint(),
                        lease.holder(),
                        null);
            case LINK_DOWN ->
                new NotReadyException(
                        story("the link is down, and this lease does not wait for it"),
                        lease.endpoint(),
                        lease.holder(),
                        null);
            case LINK_CLOSED, LEASE_CLOSED -> lease.closedException("closed while waiting for the node's " + wanted);
            case NOT_BEGUN -> notBegun();
        };
    }

    private RuntimeException notBegun() {
        OrderHandle asked = begin;
        if (asked == null) {
            throw new IllegalStateException("Refused an edit that nobody asked for");
        }
        DeliveryException failure = asked.failure();
        return new DeliveryException(
                story("the node did not begin it; " + failure.getMessage()),
                asked,
                failure.reason().orElse(null),
                lease.endpoint(),
                lease.holder());
    }

    private String story(String what) {
        return lease.label() + ": " + wanted + " for this lease alone: " + what;
    }

    /** Has it given back if the holder drops the tool. */
    void watch(Object tool, Runnable giveBack) {
        unusedWatch = new DroppedTool(tool, lease.host(), giveBack);
    }

    private static final class DroppedTool extends Leaks.Watch {
        private final LeaseHost host;
        private final Runnable giveBack;

        DroppedTool(Object tool, LeaseHost host, Runnable giveBack) {
            super(tool);
            this.host = host;
            this.giveBack = giveBack;
        }

        @Override
        void dropped() {
            host.dropped(giveBack);
        }
    }

    /** The holder has nothing of it any more. */
    void over() {
        lease.uses().over(this);
    }

    void giveBack() {
        over();
        try {
            lease.host().withRights((rights, now) -> rights.giveBack(this, now));
        } catch (LeaseClosedException gone) {
            // A registry that is closed has taken everything back.
        }
    }
}
