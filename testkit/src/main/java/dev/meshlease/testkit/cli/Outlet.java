package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.PseudoTerminal;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's serial console is plugged in: a pseudo-terminal behind a path, and another one there whenever that has been unplugged.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
final class Outlet implements AutoCloseable {
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final Path path;
    private final Journal journal;
    private final CompletableFuture<?> end;
    private final Executor later =
            CompletableFuture.delayedExecutor(AWAY.toMillis(), TimeUnit.MILLISECONDS, Outlet::runApart);
    private PseudoTerminal terminal;
    private @Nullable SimulatedNode node;

    /**
     * Makes the first pseudo-terminal.
     *
     * @param end done when the node is to end, from when on nothing is plugged in any more
     * @throws UncheckedIOException if there is none to be had, or there is something at the path
     */
    Outlet(Path path, Journal journal, CompletableFuture<?> end) {
        this.path = path.toAbsolutePath().normalize();
        this.journal = journal;
        this.end = end;
        try {
            terminal = PseudoTerminal.plugIn(this.path);
        } catch (IOException failed) {
            throw new UncheckedIOException("--serial: " + failed.getMessage(), failed);
        }
    }

    /** Turns a node on here. */
    synchronized SimulatedNode turnOn(SimulatedNodeBuilder builder) {
        SimulatedNode started = builder.start(terminal.fromClient(), terminal.toClient());
        node = started;
        return started;
    }

    /** Plugs a node in that is on already. */
    synchronized void plugIn(SimulatedNode started) {
        node = started;
        var unused = started.attachSerial(terminal.fromClient(), terminal.toClient());
    }

    /** Says where it is, and sees to it that it comes back. */
    synchronized void watch() {
        journal.line(this + " leads to " + terminal.device() + " of process "
                + terminal.program().pid() + "; end that process to unplug it");
        var unused = terminal.unplugged().thenRun(this::unplugged);
    }

    /** Plugging in may take its time, for which all of the JDK's other timeouts would have to wait. */
    private static void runApart(Runnable task) {
        Thread thread = new Thread(task, "simulated-node-outlet");
        thread.setDaemon(true);
        thread.start();
    }

    private void unplugged() {
        if (!end.isDone()) {
            journal.line(this + " is unplugged, and comes back in " + AWAY.toSeconds() + " s");
            later.execute(this::comeBack);
        }
    }

    private synchronized void comeBack() {
        SimulatedNode same = node;
        if (end.isDone() || same == null) {
            return;
        }
        try {
            terminal = PseudoTerminal.plugIn(path);
            plugIn(same);
            watch();
        } catch (IOException | RuntimeException failed) {
            terminal.close();
            journal.line(this + " cannot be plugged in again: " + failed.getMessage());
            later.execute(this::comeBack);
        }
    }

    @Override
    public synchronized void close() {
        terminal.close();
    }

    @Override
    public String toString() {
        return "serial:" + path;
    }
}
