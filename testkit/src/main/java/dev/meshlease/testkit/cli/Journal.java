package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.NodeListener;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One line for each connection, eviction and notable event. */
final class Journal implements NodeListener {
    private final PrintStream out;

    Journal(PrintStream out) {
        this.out = out;
    }

    void line(String what) {
        out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
    }

    @Override
    public void connected(String connection) {
        line(connection + " connects");
    }

    @Override
    public void configured(String connection) {
        line(connection + " is configured");
    }

    @Override
    public void ended(String connection, String how) {
        line(connection + " is " + how);
    }

    @Override
    public void noted(String what) {
        line(what);
    }
}
