package dev.meshlease.testkit.assertj;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Pending;
import dev.meshlease.WaitTimeoutException;
import java.time.Duration;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a delivery. Each waits until it is known; in virtual time that takes no time.
 *
 * <p><b>Threading:</b> for one thread; not on the loop.
 */
@SuppressWarnings("exports") // AssertJ is there for those who use this
public final class DeliveryAssert extends AbstractAssert<DeliveryAssert, Delivery> {
    /** Beyond the default deadline, so that there is an end. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    DeliveryAssert(Delivery delivery) {
        super(delivery, DeliveryAssert.class);
    }

    /** The node has taken it. */
    public DeliveryAssert isAccepted() {
        return reaches(DeliveryStage.ACCEPTED);
    }

    /** Its destination has acknowledged it or, if it went to everybody, somebody has repeated it. */
    public DeliveryAssert isAcknowledged() {
        return reaches(DeliveryStage.ACKNOWLEDGED);
    }

    private DeliveryAssert reaches(DeliveryStage stage) {
        isNotNull();
        try {
            var unused = actual.reached(stage).await(PATIENCE);
        } catch (DeliveryException | WaitTimeoutException missed) {
            failWithMessage(
                    "%nExpected packet %s to be %s, but it is %s: %s",
                    id(), stage, actual.stage(), missed.getMessage());
        }
        return this;
    }

    /** It has failed, for this reason. */
    public DeliveryAssert failedWith(DeliveryFailure reason) {
        isNotNull();
        try {
            DeliveryStep reached = end().await(PATIENCE);
            failWithMessage("%nExpected packet %s to have failed with %s, but it is %s", id(), reason, reached.stage());
        } catch (DeliveryException | WaitTimeoutException failed) {
            boolean isExpected = failed instanceof DeliveryException known
                    && known.reason().filter(reason::equals).isPresent();
            if (!isExpected) {
                failWithMessage(
                        "%nExpected packet %s to have failed with %s, but: %s", id(), reason, failed.getMessage());
            }
        }
        return this;
    }

    private Pending<DeliveryStep> end() {
        try {
            return actual.reached(DeliveryStage.ACKNOWLEDGED);
        } catch (IllegalStateException noAckIsWanted) {
            return actual.reached(DeliveryStage.ACCEPTED);
        }
    }

    private String id() {
        return Integer.toHexString(actual.packetId());
    }
}
