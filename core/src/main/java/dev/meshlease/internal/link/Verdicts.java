package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;

/**
 * What the node's codes mean. {@code queueStatus.res} is 0, one of the node's own codes 32 to 35, or a routing error. The two ranges
 * overlap: it is the error if a routing packet says so too, else the code.
 */
final class Verdicts {
    private static final int TX_QUEUE_FULL = 32;
    private static final int NO_INTERFACE = 33;
    private static final int TX_DISABLED = 34;
    private static final int RELEASED = 35;

    private Verdicts() {}

    /** Whether a packet that comes along may give the number another meaning. */
    static boolean mayMeanAnother(QueueStatus status) {
        int res = status.getRes();
        boolean isFull = res == TX_QUEUE_FULL && status.getFree() == 0;
        return res >= TX_QUEUE_FULL && res <= RELEASED && !isFull;
    }

    static boolean isAccepted(int res) {
        return res == 0 || res == RELEASED;
    }

    static DeliveryFailure ofQueueStatus(int res) {
        return switch (res) {
            case TX_QUEUE_FULL -> DeliveryFailure.TX_QUEUE_FULL;
            case NO_INTERFACE, TX_DISABLED -> DeliveryFailure.NO_INTERFACE;
            default -> {
                Routing.Error error = Routing.Error.forNumber(res);
                yield error == null ? DeliveryFailure.OTHER : ofRouting(error);
            }
        };
    }

    /** Whether the node has done nothing with a packet that it refused so, and may take it later. */
    static boolean isBeforeAnything(DeliveryFailure why) {
        return why == DeliveryFailure.TX_QUEUE_FULL || why == DeliveryFailure.RATE_LIMITED;
    }

    static DeliveryFailure ofRouting(Routing.Error error) {
        return switch (error) {
            case NO_ROUTE, GOT_NAK, TIMEOUT -> DeliveryFailure.NO_ROUTE;
            case NO_INTERFACE -> DeliveryFailure.NO_INTERFACE;
            case MAX_RETRANSMIT -> DeliveryFailure.MAX_RETRANSMIT;
            case NO_CHANNEL -> DeliveryFailure.NO_CHANNEL;
            case TOO_LARGE -> DeliveryFailure.TOO_LARGE;
            case NO_RESPONSE -> DeliveryFailure.NO_RESPONSE;
            case DUTY_CYCLE_LIMIT -> DeliveryFailure.DUTY_CYCLE;
            case NOT_AUTHORIZED, ADMIN_BAD_SESSION_KEY, ADMIN_PUBLIC_KEY_UNAUTHORIZED -> DeliveryFailure.NOT_AUTHORIZED;
            case PKI_FAILED, PKI_UNKNOWN_PUBKEY, PKI_SEND_FAIL_PUBLIC_KEY -> DeliveryFailure.PKI;
            case RATE_LIMIT_EXCEEDED -> DeliveryFailure.RATE_LIMITED;
            default -> DeliveryFailure.OTHER;
        };
    }
}
