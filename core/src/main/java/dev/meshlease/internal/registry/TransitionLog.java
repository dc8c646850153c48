package dev.meshlease.internal.registry;

import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per transition that matters to whoever runs the program: ready, lost, resting, closed. The steps of connecting, and attempts
 * that fail like the one before, go to DEBUG, so that a node that is away for a night does not fill the log.
 */
final class TransitionLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.meshlease.link");

    private TransitionLog() {}

    static void log(LinkStatus before, LinkStatus next) {
        switch (next.state()) {
            case READY -> LOG.info("{}: ready, generation {}", next.endpoint(), next.generation());
            case IDLE -> LOG.info("{}: idle, nobody holds a lease", next.endpoint());
            case CLOSED ->
                LOG.info(
                        "{}: closed{}",
                        next.endpoint(),
                        next.closedWith()
                                .map(why -> ", since "
                                        + String.valueOf(why.getMessage())
                                                .lines()
                                                .findFirst()
                                                .orElse(""))
                                .orElse(""));
            case CONNECTING, HANDSHAKING -> LOG.debug("{}: {}", next.endpoint(), next.state());
            case BACKING_OFF -> lost(before, next);
        }
    }

    private static void lost(LinkStatus before, LinkStatus next) {
        String loss = next.lastLoss()
                .map(last -> last.cause() + " (" + last.evidence() + ")")
                .orElse("?");
        String line = before.state() == LinkState.READY ? "lost" : "no connection";
        if (isNews(next)) {
            LOG.info(
                    "{}: {}: {}; next attempt {}",
                    next.endpoint(),
                    line,
                    loss,
                    next.nextAttempt().orElse(null));
        } else {
            LOG.debug(
                    "{}: {}: {}; next attempt {}",
                    next.endpoint(),
                    line,
                    loss,
                    next.nextAttempt().orElse(null));
        }
    }

    private static boolean isNews(LinkStatus next) {
        int count = next.losses().size();
        return count < 2
                || next.losses().get(count - 1).cause()
                        != next.losses().get(count - 2).cause()
                || next.losses().get(count - 1).generation()
                        != next.losses().get(count - 2).generation();
    }
}
