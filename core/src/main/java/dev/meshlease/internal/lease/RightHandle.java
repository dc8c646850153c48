package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryException;
import dev.meshlease.Exclusive;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.NotReadyException;
import dev.meshlease.Pending;
import dev.meshlease.RequestException;
import dev.meshlease.WaitInterruptedException;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.internal.link.Due;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.internal.link.Tenure;
import dev.meshlease.proto.AdminMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A holder's wait for its turn at a right. Whoever stops waiting gives the turn back, so that no right is left lying about. */
final class RightHandle<T extends AutoCloseable> extends Tenure implements Pending<T> {
    /** What a node has for its answer, even if the turn came in the last moment. */
    private static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LeaseHandle lease;
    private final Exclusive<T> wanted;
    private final PendingValue<T> turn;
    private @Nullable OrderHandle begin;

    RightHandle(LeaseHandle lease, Exclusive<T> wanted) {
        super(wanted.right(), lease.number(), lease.holder(), lease.nanoTime() + Due.nanos(wanted.deadline()));
        this.lease = lease;
        this.wanted = wanted;
        this.turn = lease.pending("the turn at the node's " + wanted);
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
        return turn.complete(wanted.type().cast(tool()));
    }

    private AutoCloseable tool() {
        return switch (wanted.right()) {
            case SETTINGS -> new SettingsEditHandle(lease, this);
            case XMODEM, MQTT_PROXY -> new RawExchangeHandle(lease, this, wanted.right());
        };
    }

    @Override
    protected void refused(Refusal why, String holder) {
        turn.fail(
                switch (why) {
                    case DEADLINE ->
                        new RequestException(
                                RequestException.Reason.TIMEOUT,
                                story("its turn did not come within " + wanted.deadline() + "; " + wanted + ": "
                                        + holder + ". Link: " + lease.status().state()),
                                lease.endpoint(),
                                lease.holder(),
                                null);
                    case LINK_DOWN ->
                        new NotReadyException(
                                story("the link is down, and this lease does not wait for it"),
                                lease.endpoint(),
                                lease.holder(),
                                null);
                    case LINK_CLOSED, LEASE_CLOSED ->
                        lease.closedException("closed while waiting for the node's " + wanted);
                    case NOT_BEGUN -> notBegun();
                });
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

    // ---- for the holder

    @Override
    public T await(Duration patience) {
        try {
            return turn.await(patience);
        } catch (WaitTimeoutException | WaitInterruptedException over) {
            if (!cancel() && turn.isDone() && over instanceof WaitTimeoutException) {
                return turn.await(Duration.ZERO); // It came in that very moment.
            }
            giveBack(); // Nobody would ever close what it came to.
            throw over;
        }
    }

    @Override
    public CompletableFuture<T> future() {
        return turn.future();
    }

    @Override
    public boolean isDone() {
        return turn.isDone();
    }

    @Override
    public boolean cancel() {
        boolean inTime = turn.cancel();
        if (inTime) {
            giveBack();
        }
        return inTime;
    }

    void giveBack() {
        try {
            lease.host().withRights((rights, now) -> rights.giveBack(this, now));
        } catch (LeaseClosedException gone) {
            // A registry that is closed has taken everything back.
        }
    }
}
