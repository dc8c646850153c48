package dev.meshlease.internal.link;

import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import java.time.Duration;
import java.time.Instant;

/**
 * A link of this JVM that connected to the same node under another name, and is gone again.
 *
 * @param name what it was opened as
 * @param since when it began to connect
 * @param until up to when a loss may be its doing: the end of the connection that it took may be heard of later than its own
 */
record OwnDuplicate(String name, Instant since, Instant until) {
    private static final Duration LATE = Duration.ofSeconds(5);

    static OwnDuplicate of(String name, Instant since, Moment now) {
        return new OwnDuplicate(name, since, now.wall().plus(LATE));
    }

    /** Whether it is behind a loss. */
    boolean explains(LinkLoss loss) {
        boolean byNode = switch (loss.cause()) {
            case END_OF_STREAM, RESET, DISPLACED -> true;
            default -> false;
        };
        return byNode && !loss.at().isBefore(since) && !loss.at().isAfter(until);
    }

    LinkLoss explained(LinkLoss loss) {
        return new LinkLoss(
                LossCause.DISPLACED_BY_DUPLICATE,
                loss.at(),
                loss.generation(),
                "displaced by our own duplicate " + name + "; seen as " + loss.evidence());
    }
}
