package dev.meshlease.internal.registry;

import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeChange;
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
        if (before.contention().isEmpty() && next.contention().isPresent()) {
            contended(next);
        } else if (before.contention().isPresent() && next.contention().isEmpty()) {
            LOG.info("{}: no longer contended", next.endpoint());
        }
        next.change().filter(news -> !before.change().equals(next.change())).ifPresent(news -> changed(next, news));
        if (before.state() != next.state()) {
            transition(before, next);
        }
    }

    private static void changed(LinkStatus next, NodeChange news) {
        LOG.warn(
                "{}: {}. {}",
                next.endpoint(),
                news,
                switch (news.kind()) {
                    case RENUMBERED -> "It is the same device, under another number: others know it by the former one";
                    case REPLACED ->
                        "Another device answers at this address; if that is not meant, look at the address";
                    case UNKNOWN -> "Nobody can say whether it is another device: it tells no device id";
                });
    }

    private static void contended(LinkStatus next) {
        LOG.warn(
                "{}: something else keeps taking this node's one connection ({}). Look for another program that uses it, also"
                        + " on other machines, for an app on a phone or in a browser, and for health checks and port scans."
                        + " Until it stops, this link connects every 30 to 120 s only",
                next.endpoint(),
                next.contention().orElseThrow());
    }

    private static void transition(LinkStatus before, LinkStatus next) {
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
            case CONNECTING -> LOG.debug("{}: {}", next.endpoint(), next.state());
            case HANDSHAKING -> {
                if (before.state() == LinkState.READY) {
                    lost(before, next, "asked anew over the same connection");
                } else {
                    LOG.debug("{}: {}", next.endpoint(), next.state());
                }
            }
            case BACKING_OFF ->
                lost(before, next, "next attempt " + next.nextAttempt().orElse(null));
        }
    }

    private static void lost(LinkStatus before, LinkStatus next, String then) {
        String loss = next.lastLoss()
                .map(last -> last.cause() + " (" + last.evidence() + ")")
                .orElse("?");
        String line = before.state() == LinkState.READY ? "lost" : "no connection";
        if (isNews(next)) {
            LOG.info("{}: {}: {}; {}", next.endpoint(), line, loss, then);
        } else {
            LOG.debug("{}: {}: {}; {}", next.endpoint(), line, loss, then);
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
