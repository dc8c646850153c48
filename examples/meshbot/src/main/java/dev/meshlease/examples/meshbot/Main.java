package dev.meshlease.examples.meshbot;

import dev.meshlease.MeshleaseException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The bot's command line. */
public final class Main {
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);
    private static final Duration HANGING_LIMIT = Duration.ofSeconds(30);

    private Main() {}

    /** Runs the bot; {@code --help} says how. */
    public static void main(String[] words) {
        CountDownLatch done = new CountDownLatch(1);
        endInOrderOnCtrlC(Thread.currentThread(), done);
        int status = run(List.of(words), System.out, System.err);
        done.countDown();
        System.exit(status);
    }

    /**
     * Runs the bot.
     *
     * @return the exit status
     */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.parse(words);
            if (arguments.help()) {
                out.print(Usage.TEXT);
            } else {
                Watchdog watchdog = Watchdog.start(arguments.length().plus(HANGING_LIMIT), err);
                try {
                    run(arguments, new Journal(out));
                } finally {
                    watchdog.close();
                }
            }
            return 0;
        } catch (Failure | MeshleaseException expected) {
            err.println("meshbot: " + inOneLine(String.valueOf(expected.getMessage())));
        } catch (RuntimeException unexpected) {
            err.println("meshbot: unexpectedly, " + inOneLine(unexpected.toString()));
        }
        return 1;
    }

    private static String inOneLine(String message) {
        return Journal.printable(message.replaceAll("\\.?\\R\\s*", "; ").replaceAll(" +", " "));
    }

    private static void run(Arguments arguments, Journal journal) {
        Duration length = arguments.length();
        if (arguments.node().isPresent()) {
            Airtime airtime = arguments.send() ? Airtime.SPARING : Airtime.NONE;
            new SharedRun(arguments.node().get(), airtime, length, journal, null).run();
            return;
        }
        try (EmbeddedMesh mesh = EmbeddedMesh.start(journal)) {
            if (arguments.naive()) {
                new NaiveRun(mesh, length, journal).run();
            } else {
                new SharedRun(mesh.endpoint(), Airtime.FREE, length, journal, mesh).run();
            }
        }
    }

    @SuppressWarnings("Interruption") // The main thread is ours, and nothing but the run waits on it.
    private static void endInOrderOnCtrlC(Thread main, CountDownLatch done) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            main.interrupt();
                            try {
                                done.await(CLOSING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException hurried) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "meshbot-ctrl-c"));
    }
}
