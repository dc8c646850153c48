package dev.meshlease.examples.meshbot;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.WaitInterruptedException;
import dev.meshlease.WaitTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bot on one shared link, from start to summary. */
final class SharedRun {
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final Duration PACKET_LIMIT = Duration.ofSeconds(3);

    private final Endpoint node;
    private final Airtime airtime;
    private final long endNanos;
    private final Journal journal;
    private final @Nullable EmbeddedMesh mesh;
    private final List<String> complaints = new ArrayList<>();

    /** With the mesh around the node, where that is the embedded one. */
    SharedRun(Endpoint node, Airtime airtime, Duration length, Journal journal, @Nullable EmbeddedMesh mesh) {
        this.node = node;
        this.airtime = airtime;
        this.endNanos = System.nanoTime() + length.toNanos();
        this.journal = journal;
        this.mesh = mesh;
    }

    /**
     * Runs to the end.
     *
     * @throws Failure if it did not go as it should
     */
    void run() {
        try (Bot bot = new Bot(node, airtime, journal)) {
            journal.say("meshbot", "linked: " + awaitReady(bot.lease()));
            if (mesh != null) {
                mesh.talk();
            }
            Waits.interruptibly(() -> bot.tally().await(1, Waits.within(PACKET_LIMIT, endNanos)));
            boolean refused = tryFifthComponent();
            Waits.until(endNanos);
            if (mesh != null) {
                mesh.hush();
                Waits.interruptibly(() -> bot.tally().await(mesh.sent(), PACKET_LIMIT));
            }
            summarize(bot, refused);
        }
        if (complaints.isEmpty()) {
            summary("the run went as it should");
        } else {
            throw new Failure("the run did not go as it should: " + String.join("; ", complaints));
        }
    }

    private NodeSnapshot awaitReady(Lease lease) {
        Duration patience = Waits.within(READY_LIMIT, endNanos);
        try {
            return lease.ready().await(patience);
        } catch (WaitTimeoutException late) {
            boolean mute = lease.status().state() == LinkState.HANDSHAKING;
            String doubt = mute ? ". It took the connection but says nothing: is that a Meshtastic node?" : "";
            throw new Failure("no link in time: " + lease.status() + doubt, late);
        } catch (WaitInterruptedException early) {
            Thread.interrupted(); // closing is to wait again
            throw new Failure("ended before there was a link: " + lease.status(), early);
        }
    }

    private boolean tryFifthComponent() {
        // Another spelling, where one is known, does not help it.
        Endpoint spelling = mesh == null ? node : Endpoint.of(node.toString().replace("127.0.0.1", "localhost"));
        journal.say("fifth", "opens a connection of its own to " + spelling);
        Optional<DuplicateLinkException> refusal = FifthComponent.open(spelling);
        refusal.ifPresent(thrown -> journal.quote("fifth", "refused:", FifthComponent.print(thrown)));
        return refusal.isPresent();
    }

    private void summarize(Bot bot, boolean refused) {
        LinkStatus status = bot.link().status();
        check(status.isReady(), "the link is not up: " + status);
        if (mesh == null) {
            summary("connections made: " + status.generation() + ", at the end: " + status);
        } else {
            int connections = mesh.connections();
            summary("physical connections the node saw: " + connections);
            check(connections == 1, "the node saw " + connections + " connections");
            check(mesh.sent() > 0, "the mesh was silent");
        }
        for (Component component : bot.components()) {
            int packets = bot.tally().packets(component.lease());
            String of = mesh == null ? "" : " of " + mesh.sent();
            String holder = component.lease().holder();
            summary(String.format(Locale.ROOT, "%-10s  %d%s packets; %s", holder, packets, of, component.summary()));
            check(mesh == null || packets == mesh.sent(), holder + " was given " + packets + of + " packets");
        }
        summary("a fifth component's own connection: " + (refused ? "refused" : "NOT refused"));
        check(refused, "a fifth component was not refused");
    }

    private void summary(String line) {
        journal.say("summary", line);
    }

    private void check(boolean fine, String complaint) {
        if (!fine) {
            complaints.add(complaint);
        }
    }
}
