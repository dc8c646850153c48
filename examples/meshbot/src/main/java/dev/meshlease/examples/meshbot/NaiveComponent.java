package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.testkit.NaiveClient;
import java.util.concurrent.CompletableFuture;

/**
 * A component with a connection of its own.
 *
 * @param name which one
 * @param client its connection
 */
record NaiveComponent(String name, NaiveClient client) implements AutoCloseable {
    private static final String COMMAND = "/echo ";

    static NaiveComponent listening(String name, Endpoint node) {
        return new NaiveComponent(name, NaiveClient.start(node));
    }

    static NaiveComponent echo(Endpoint node, Journal journal) {
        CompletableFuture<NaiveClient> self = new CompletableFuture<>();
        NaiveClient client = NaiveClient.start(node, NaiveClient.DEFAULT_RETRY, text -> {
            if (text.startsWith(COMMAND)) {
                boolean written = self.join().says(text.substring(COMMAND.length()));
                journal.say("echo", "hears '" + text + "': " + (written ? "wrote the reply" : "has no connection"));
            }
        });
        self.complete(client);
        return new NaiveComponent("echo", client);
    }

    /** How it fares. */
    String state() {
        return client.packets() + " packets so far, kicked " + client.kicked() + " times";
    }

    @Override
    public void close() {
        client.close();
    }
}
