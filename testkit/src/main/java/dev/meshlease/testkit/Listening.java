package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.Witness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener of a user as a witness that never fails. On the node's thread. */
final class Listening implements Witness {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final NodeListener listener;

    Listening(NodeListener listener) {
        this.listener = listener;
    }

    @Override
    public void connected(String connection) {
        tell(() -> listener.connected(connection));
    }

    @Override
    public void configured(String connection) {
        tell(() -> listener.configured(connection));
    }

    @Override
    public void ended(String connection, End how) {
        String words = switch (how) {
            case BY_CLIENT -> "closed by the client";
            case FIN -> "closed by the node";
            case RST -> "reset by the node";
            case SILENT -> "lost without a word";
        };
        tell(() -> listener.ended(connection, words));
    }

    @Override
    public void noted(String what) {
        tell(() -> listener.noted(what));
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException thrown) {
            LOG.warn("A listener of a simulated node threw; the node goes on", thrown);
        }
    }
}
