package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pseudo-terminal of socat's making, as a serial device behind a symbolic link; to end socat is to unplug the device. */
final class Pty implements AutoCloseable {
    private static final Path SOCAT = Path.of("/usr/bin/socat");

    private final Path link;
    private final List<Pty> others = new ArrayList<>();
    private Process socat;
    private Path lastDevice;

    private Pty(Path link) {
        this.link = link;
    }

    /** Skips the test if it is not there. */
    static String socat() {
        assumeThat(Files.isExecutable(SOCAT))
                .as("socat is installed, to make pseudo-terminals")
                .isTrue();
        return SOCAT.toString();
    }

    static Pty plugIn(Path link) throws IOException {
        Pty pty = new Pty(link);
        pty.plugIn();
        return pty;
    }

    /** Again, after it was unplugged. */
    void plugIn() throws IOException {
        socat = new ProcessBuilder(socat(), "pty,raw,echo=0,link=" + link, "stdio")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        while (!Files.exists(link) && socat.isAlive()) {
            Thread.onSpinWait();
        }
        lastDevice = link.toRealPath();
    }

    /** Again, after it was unplugged, while something else has its old device name. */
    void plugInUnderAnotherName() throws IOException {
        Path old = lastDevice;
        while (!Files.exists(old)) {
            others.add(plugIn(link.resolveSibling(link.getFileName() + "-" + others.size())));
        }
        plugIn();
        assertThat(lastDevice).isNotEqualTo(old);
    }

    String address() {
        return link.toString();
    }

    /** What stands behind the link. */
    String device() throws IOException {
        return link.toRealPath().toString();
    }

    /** What the client writes; nothing is taken from the device until it is read here or socat's buffers take it. */
    InputStream fromClient() {
        return socat.getInputStream();
    }

    OutputStream toClient() {
        return socat.getOutputStream();
    }

    void unplug() throws InterruptedException {
        socat.destroy();
        assertThat(socat.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        try {
            unplug();
            for (Pty other : others) {
                other.unplug();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
