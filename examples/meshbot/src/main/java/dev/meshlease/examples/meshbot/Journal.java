package dev.meshlease.examples.meshbot;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/** Prints what the components do, a line each, with the seconds since this process started. Safe from any thread. */
final class Journal {
    private final PrintStream out;
    private final long startNanos;

    Journal(PrintStream out) {
        this.out = out;
        startNanos = System.nanoTime()
                - Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime())
                        .toNanos();
    }

    /** One line. What came from the mesh cannot break it, nor steer a terminal. */
    void say(String who, String what) {
        out.println(String.format(Locale.ROOT, "%8.3f s  %-10s  %s", seconds(), who, printable(what)));
    }

    /** Several lines, as they are. */
    void quote(String who, String what, String lines) {
        out.println(String.format(
                Locale.ROOT,
                "%8.3f s  %-10s  %s%n%s",
                seconds(),
                who,
                what,
                lines.indent(4).stripTrailing()));
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
