package dev.meshlease.serial;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.testkit.PseudoTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A serial device behind a symbolic link, which can be unplugged and plugged in again, under another name too. */
final class Pty implements AutoCloseable {
    private static final Path SOCAT = Path.of("/usr/bin/socat");

    private final Path link;
    private final List<PseudoTerminal> others = new ArrayList<>();
    private PseudoTerminal terminal;

    private Pty(Path link) {
        this.link = link;
    }

    /** For bridges, which nothing else can make. Skips the test if it is not there. */
    static String socat() {
        assumeThat(SOCAT).as("socat is installed, to bridge pseudo-terminals").isExecutable();
        return SOCAT.toString();
    }

    /** Skips the test if nothing here makes pseudo-terminals. */
    static Pty plugIn(Path link) throws IOException {
        assumeThat(PseudoTerminal.isAvailable())
                .as("a program that makes pseudo-terminals is installed")
                .isTrue();
        Pty pty = new Pty(link);
        pty.plugIn();
        return pty;
    }

    /** Again, after it was unplugged. */
    void plugIn() throws IOException {
        terminal = PseudoTerminal.plugIn(link);
    }

    /** Again, after it was unplugged, under another device name; whoever else is on this machine takes and frees such names, too. */
    void plugInUnderAnotherName() throws IOException {
        Path old = terminal.device();
        plugIn();
        while (terminal.device().equals(old)) {
            Files.move(link, link.resolveSibling(link.getFileName() + "-" + others.size()));
            others.add(terminal);
            plugIn();
        }
    }

    String address() {
        return link.toString();
    }

    /** What stands behind the link. */
    String device() {
        return terminal.device().toString();
    }

    /** What the client writes; nothing is taken from the device until it is read here or the maker's buffers take it. */
    InputStream fromClient() {
        return terminal.fromClient();
    }

    OutputStream toClient() {
        return terminal.toClient();
    }

    void unplug() {
        terminal.close();
    }

    @Override
    public void close() {
        unplug();
        others.forEach(PseudoTerminal::close);
    }
}
