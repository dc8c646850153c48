package dev.meshlease.testkit.assertj;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Pending;
import dev.meshlease.WaitTimeoutException;
import java.time.Duration;
import java.util.stream.Collectors;
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
        String expected = "to be " + stage;
        try {
            var unused = stage(stage, expected).await(PATIENCE);
        } catch (DeliveryException | WaitTimeoutException missed) {
            throw unexpected(expected, present());
        }
        return this;
    }

    private Pending<DeliveryStep> stage(DeliveryStage stage, String expected) {
        try {
            return actual.reached(stage);
        } catch (IllegalStateException noAckIsWanted) {
            throw unexpected(expected, "it asked for no ack, so none will come: ask with wantAck()");
        }
    }

    /** It has failed, for this reason. */
    public DeliveryAssert failedWith(DeliveryFailure reason) {
        isNotNull();
        String expected = "to have failed with " + reason;
        try {
            var unused = end().await(PATIENCE);
            throw unexpected(expected, present());
        } catch (DeliveryException failed) {
            if (failed.reason().filter(reason::equals).isEmpty()) {
                throw unexpected(expected, present());
            }
        } catch (WaitTimeoutException missed) {
            throw unexpected(expected, present());
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

    private String present() {
        return "it is " + actual.stage() + (actual.isDone() ? "" : ", and goes on");
    }

    private AssertionError unexpected(String expected, String was) {
        return failure(
                "%nExpected packet %s %s, but %s.%nIts steps:%n%s",
                Integer.toHexString(actual.packetId()), expected, was, steps());
    }

    private String steps() {
        return actual.steps().stream().map(DeliveryAssert::words).collect(Collectors.joining());
    }

    private static String words(DeliveryStep step) {
        String connection = step.generation() == 0 ? "" : ", connection " + step.generation();
        String reason = step.failure().map(why -> " (" + why + ")").orElse("");
        return String.format("  %s  %s%s%s%n", step.at(), step.stage(), reason, connection);
    }
}
