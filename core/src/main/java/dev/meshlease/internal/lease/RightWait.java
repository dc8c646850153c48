package dev.meshlease.internal.lease;

import dev.meshlease.Exclusive;
import dev.meshlease.Pending;
import dev.meshlease.WaitInterruptedException;
import dev.meshlease.WaitTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A holder's wait for its turn at a right. Whoever stops waiting gives the turn back, so that no right is left lying about. */
final class RightWait<T extends AutoCloseable> implements Pending<T> {
    private final PendingValue<T> turn;
    private final RightHandle<T> right;

    RightWait(LeaseHandle lease, Exclusive<T> wanted) {
        this.turn = lease.pending("the turn at the node's " + wanted);
        this.right = new RightHandle<>(lease, wanted, turn);
    }

    /** The same for the link. */
    RightHandle<T> right() {
        return right;
    }

    @Override
    public T await(Duration patience) {
        try {
            return turn.await(patience);
        } catch (WaitTimeoutException | WaitInterruptedException over) {
            if (!cancel() && turn.isDone() && over instanceof WaitTimeoutException) {
                return turn.await(Duration.ZERO); // It came in that very moment.
            }
            right.giveBack(); // Nobody would ever close what it came to.
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
            right.giveBack();
        }
        return inTime;
    }
}
