package dev.meshlease.examples.meshbot;

import dev.meshlease.testkit.NaiveClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The same four components without the library: each opens a connection of its own, and opens it again a second after it was lost. The
 * node serves one client, so each newcomer kicks out the one before.
 */
final class NaiveRun {
    private static final Duration REPORT = Duration.ofSeconds(2);
    private static final Duration TEXTS = Duration.ofSeconds(5);
    private static final Duration LAST_PACKET_LIMIT = Duration.ofMillis(300);

    private final EmbeddedMesh mesh;
    private final long endNanos;
    private final Journal journal;

    NaiveRun(EmbeddedMesh mesh, Duration length, Journal journal) {
        this.mesh = mesh;
        this.endNanos = System.nanoTime() + length.toNanos();
        this.journal = journal;
    }

    /**
     * Runs to the end.
     *
     * @throws Failure if the components did not kick each other out: then something else than the known trap is wrong
     */
    void run() {
        try (NaiveComponent echo = NaiveComponent.echo(mesh.endpoint(), journal);
                NaiveComponent query = NaiveComponent.listening("node-query", mesh.endpoint());
                NaiveComponent sender = NaiveComponent.listening("sender", mesh.endpoint());
                NaiveComponent monitor = NaiveComponent.listening("monitor", mesh.endpoint())) {
            List<NaiveComponent> components = List.of(echo, query, sender, monitor);
            mesh.talk();
            Ticker texts = Ticker.start("sender", TEXTS, journal, () -> send(sender));
            Ticker reports = Ticker.start("monitor", REPORT, journal, () -> report(components));
            Waits.until(endNanos);
            texts.finish();
            reports.finish();
            mesh.hush();
            Waits.until(System.nanoTime() + LAST_PACKET_LIMIT.toNanos());
            summarize(components);
        }
    }

    private void send(NaiveComponent sender) {
        boolean written = sender.client().says("meshbot, naively");
        journal.say("sender", written ? "wrote a text; whether the node took it, it cannot tell" : "has no connection");
    }

    private void report(List<NaiveComponent> components) {
        for (NaiveComponent component : components) {
            journal.say(component.name(), component.state());
        }
    }

    private void summarize(List<NaiveComponent> components) {
        int sent = mesh.sent();
        journal.say("summary", "physical connections the node saw: " + mesh.connections());
        for (NaiveComponent component : components) {
            NaiveClient client = component.client();
            int lost = sent - client.packets();
            journal.say(
                    "summary",
                    String.format(
                            Locale.ROOT,
                            "%-10s  %d of %d packets, lost %d; kicked %d times",
                            component.name(),
                            client.packets(),
                            sent,
                            lost,
                            client.kicked()));
        }
        int received = components.stream().mapToInt(c -> c.client().packets()).sum();
        int kicked = components.stream().mapToInt(c -> c.client().kicked()).sum();
        int wanted = sent * components.size();
        journal.say(
                "summary", "together: lost " + (wanted - received) + " of " + wanted + ", kicked " + kicked + " times");
        journal.say("summary", "to compare, run it without --naive: the same components on one shared link");
        if (kicked == 0 || received == wanted) {
            throw new Failure("the naive components did not get into each other's way");
        }
    }
}
