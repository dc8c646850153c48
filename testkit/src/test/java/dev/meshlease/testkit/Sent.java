package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Lease;
import dev.meshlease.message.OutboundMessage;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A message that was sent, and what was heard of it. */
final class Sent {
    final OutboundMessage message;
    final Delivery delivery;
    private final AtomicInteger ends = new AtomicInteger();

    private Sent(OutboundMessage message, Delivery delivery) {
        this.message = message;
        this.delivery = delivery;
        if (message.wantsAck()) {
            var unused = delivery.future().whenComplete((ack, failure) -> ends.incrementAndGet());
        }
    }

    static Sent by(Lease lease, OutboundMessage message) {
        return new Sent(message, lease.send(message));
    }

    boolean isAcknowledged() {
        return delivery.stage() == DeliveryStage.ACKNOWLEDGED;
    }

    /** It has an end and no more than one, behind which at most a late ack was heard. */
    void hasEndedOnce(Object story) {
        List<DeliveryStep> steps = delivery.steps();
        assertThat(delivery.isDone()).as("%s: %s", story, steps).isTrue();
        int end = 0;
        while (end < steps.size() && !isEnd(steps.get(end).stage())) {
            end++;
        }
        assertThat(end).as("%s: %s", story, steps).isLessThan(steps.size());
        assertThat(delivery.stage())
                .as("%s: %s", story, steps)
                .isEqualTo(steps.get(end).stage());
        if (message.wantsAck()) {
            assertThat(ends).as("%s: %s", story, steps).hasValue(1);
            assertThat(steps.subList(end + 1, steps.size()))
                    .as("%s: %s", story, steps)
                    .allMatch(late -> late.stage() == DeliveryStage.ACKNOWLEDGED)
                    .hasSizeLessThan(2);
        } else {
            assertThat(end).as("%s: %s", story, steps).isEqualTo(steps.size() - 1);
        }
    }

    private boolean isEnd(DeliveryStage stage) {
        return stage.isEnd() || (stage == DeliveryStage.ACCEPTED && !message.wantsAck());
    }
}
