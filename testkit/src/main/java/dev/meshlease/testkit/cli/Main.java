package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.NodeListener;
import dev.meshlease.testkit.SimulatedNode;
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

    private Main() {}

    /** Runs a node; {@code --help} says how. */
    public static void main(String[] words) {
        System.exit(run(List.of(words), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            Options options = Options.parse(words);
            if (options.has("--help")) {
                out.print(Usage.text());
            } else if (options.has("--version")) {
                out.println(Usage.version());
            } else {
                serve(Order.of(options), new Journal(out));
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

    private static void serve(Order order, Journal journal) {
        var ended = new CompletableFuture<Void>();
        var came = new CompletableFuture<Void>();
        SimulatedNode node = order.node()
                .listener(journal)
                .listener(new NodeListener() {
                    @Override
                    public void connected(String connection) {
                        came.complete(null);
                    }
                })
                .onExit(() -> ended.complete(null))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "simulated-node-end"));
        journal.line(node.id() + " listens at " + node.endpoint() + ", seed " + node.seed());
        if (order.replays()) {
            // Without a client its packets would wait in the node's queue, and the oldest be lost.
            CompletableFuture.anyOf(came, ended).join();
            node.replayTraffic();
        }
        if (order.traffic().isPresent()) {
            Traffic traffic = new Traffic(node, new Random(node.seed()));
            while (!isEnded(ended, order.traffic().get().between())) {
                traffic.next();
            }
        }
        ended.join();
        journal.line("a client has ended the simulation");
    }

    private static boolean isEnded(CompletableFuture<Void> ended, Duration wait) {
        return ended.copy()
                .orTimeout(wait.toNanos(), TimeUnit.NANOSECONDS)
                .handle((done, late) -> late == null)
                .join();
    }
}
