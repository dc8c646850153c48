package dev.meshlease.internal.lease;

import dev.meshlease.Exclusive.Right;
import dev.meshlease.NotReadyException;
import dev.meshlease.Pending;
import dev.meshlease.RawExchange;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.proto.ToRadio.PayloadVariantCase;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exchange of messages that are no packets, in its holder's hands. */
final class RawExchangeHandle implements RawExchange {
    private static final Logger LOG = LoggerFactory.getLogger(RawExchangeHandle.class);

    private final LeaseHandle lease;
    private final RightHandle<?> tenure;
    private final Right right;
    private final AtomicBoolean closed = new AtomicBoolean();

    RawExchangeHandle(LeaseHandle lease, RightHandle<?> tenure, Right right) {
        this.lease = lease;
        this.tenure = tenure;
        this.right = right;
        tenure.watch(this, dropped(lease.label(), tenure, right, closed));
    }

    private static Runnable dropped(String label, RightHandle<?> tenure, Right right, AtomicBoolean closed) {
        return () -> {
            if (closed.compareAndSet(false, true)) {
                LOG.warn("{}: the {} was dropped without being closed; others may have it now", label, right);
                tenure.giveBack();
            }
        };
    }

    @Override
    public Pending<Void> send(ToRadio message) {
        PayloadVariantCase kind =
                right == Right.XMODEM ? PayloadVariantCase.XMODEMPACKET : PayloadVariantCase.MQTTCLIENTPROXYMESSAGE;
        if (message.getPayloadVariantCase() != kind) {
            throw new IllegalArgumentException(
                    "This exchange is about " + kind + ", not " + message.getPayloadVariantCase());
        }
        if (message.getSerializedSize() > FrameDecoder.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("A frame holds " + FrameDecoder.MAX_PAYLOAD_BYTES
                    + " bytes; this message has " + message.getSerializedSize());
        }
        lease.requireOpen();
        if (closed.get()) {
            throw new IllegalStateException(lease.label() + ": this exchange is closed");
        }
        PendingValue<Void> handedOver = lease.pending("a message to be handed to the transport");
        lease.withRights((rights, now) -> {
            if (!handedOver.isDone()) { // It was cancelled then.
                rights.say(tenure, message, now)
                        .ifPresentOrElse(why -> handedOver.fail(notSaid(why)), () -> handedOver.complete(null));
            }
        });
        return handedOver;
    }

    private NotReadyException notSaid(String why) {
        return new NotReadyException(
                lease.label() + ": " + right + ": nothing was written: " + why, lease.endpoint(), lease.holder(), null);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            tenure.giveBack();
        }
    }
}
