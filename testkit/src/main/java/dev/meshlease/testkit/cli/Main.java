package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.NodeListener;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A simulated node as a process: it runs until a client ends the simulation, or the process is ended. */
public final class Main {
    /** As it should be. */
    static final int FINE = 0;
    /** It could not start, or not go on. */
    static final int FAILED = 1;
    /** The command line cannot be followed. */
    static final int MISUSED = 2;

    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);

    private Main() {}

    /** Runs a node; {@code --help} says how. */
    public static void main(String[] words) {
        var end = new CompletableFuture<String>();
        var over = new CompletableFuture<Void>();
        endInOrder(end, over);
        int status = FAILED;
        try {
            status = run(List.of(words), System.out, System.err, end);
        } finally {
            over.complete(null);
        }
        System.exit(status);
    }

    /**
     * Runs a node until it is to end.
     *
     * @param end completed with the reason, by whoever has one
     * @return the exit status
     */
    static int run(List<String> words, PrintStream out, PrintStream err, CompletableFuture<String> end) {
        try {
            Options options = Options.parse(words);
            if (options.has("--help")) {
                out.print(Usage.text());
            } else if (options.has("--version")) {
                out.println(Usage.version());
            } else {
                serve(Order.of(options), new Journal(out), end);
            }
            return FINE;
        } catch (Misuse misuse) {
            err.println("simulated-node: " + misuse.getMessage());
            return MISUSED;
        } catch (UncheckedIOException | IllegalStateException failed) {
            err.println("simulated-node: " + failed.getMessage());
            return FAILED;
        }
    }

    private static void serve(Order order, Journal journal, CompletableFuture<String> end) {
        FirstClient client = new FirstClient();
        SimulatedNodeBuilder builder = order.node()
                .listener(journal)
                .listener(client)
                .onExit(() -> end.complete("a client has ended the simulation"));
        if (order.serial().isEmpty()) {
            try (SimulatedNode node = builder.start()) {
                begin(node, order, journal, "listens at " + node.endpoint());
                live(node, order, journal, client, end);
            }
            return;
        }
        try (Outlet outlet = new Outlet(order.serial().get(), journal, end);
                SimulatedNode node = order.isOnTcp() ? builder.start() : outlet.turnOn(builder)) {
            begin(node, order, journal, order.isOnTcp() ? "listens at " + node.endpoint() : "is at " + outlet);
            if (order.isOnTcp()) {
                outlet.plugIn(node);
            }
            outlet.watch();
            live(node, order, journal, client, end);
        }
    }

    private static void begin(SimulatedNode node, Order order, Journal journal, String place) {
        if (order.traffic().isPresent() && node.peers().isEmpty()) {
            throw new Misuse("--traffic needs somebody to talk, and the state in -d knows of nobody: give --nodes 1 or"
                    + " more, and -e to begin anew");
        }
        journal.line(node.id() + " " + place + ", seed " + node.seed());
    }

    private static void live(
            SimulatedNode node, Order order, Journal journal, FirstClient client, CompletableFuture<String> end) {
        practise(journal, () -> WarmUp.run(CompletableFuture.anyOf(client.came, end)));
        if (order.replays()) {
            // Before that its packets would wait in the node's queue, and the oldest be lost.
            var unused = CompletableFuture.anyOf(client.configured, end).join();
            node.replayTraffic();
        }
        if (order.traffic().isPresent()) {
            Traffic traffic = new Traffic(node, new Random(node.seed()));
            while (!isOver(end, order.traffic().get().between())) {
                traffic.next();
            }
        }
        journal.line(end.join());
    }

    /** When the first client is how far. */
    private static final class FirstClient implements NodeListener {
        final CompletableFuture<String> came = new CompletableFuture<>();
        final CompletableFuture<String> configured = new CompletableFuture<>();

        @Override
        public void connected(String connection) {
            came.complete(connection);
        }

        @Override
        public void configured(String connection) {
            configured.complete(connection);
        }
    }

    /** A node that could not practise is slow, and no worse than that. */
    static void practise(Journal journal, Runnable practice) {
        try {
            practice.run();
        } catch (RuntimeException failed) {
            journal.line("its first answers will be slow: " + failed.getMessage());
        }
    }

    private static boolean isOver(CompletableFuture<String> end, Duration wait) {
        return end.copy()
                .orTimeout(wait.toNanos(), TimeUnit.NANOSECONDS)
                .handle((done, late) -> late == null)
                .join();
    }

    /** When the process is told to end, the node saves its state and says goodbye first. */
    private static void endInOrder(CompletableFuture<String> end, CompletableFuture<Void> over) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            end.complete("the process has been told to end");
                            over.completeOnTimeout(null, CLOSING_LIMIT.toSeconds(), TimeUnit.SECONDS)
                                    .join();
                        },
                        "simulated-node-end"));
    }
}
