package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.internal.firmware.Server;
import java.time.Duration;

/** What a rival does: it comes once, or again and again in a duel. On the node's thread. */
final class Visits {
    private final ActiveFault fault;
    private final Server server;
    private final NodeHost host;
    private Rival rival;
    private boolean ended;

    Visits(ActiveFault fault, Server server, NodeHost host) {
        this.fault = fault;
        this.server = server;
        this.host = host;
        rival = new Rival(server, host, this::gone);
    }

    void begin() {
        rival.comes();
    }

    void end() {
        ended = true;
        rival.leave();
    }

    /** Connections are refused from now on. */
    void refused() {
        rival.refused();
    }

    private void gone() {
        Duration every = fault.fault().span();
        if (ended) {
            return;
        }
        if (every == null) {
            fault.end(fault);
        } else {
            host.schedule(every.toNanos(), this::comeAgain);
        }
    }

    private void comeAgain() {
        if (ended) {
            return;
        }
        if (fault.strikesAgain()) {
            rival = new Rival(server, host, this::gone);
            rival.comes();
        } else {
            fault.end(fault);
        }
    }
}
