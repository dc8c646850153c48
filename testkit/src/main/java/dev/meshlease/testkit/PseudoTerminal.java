package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.serial.PtyMaker;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serial port without a wire: a pseudo-terminal behind a symbolic link, which other programs open as they open a serial port. To close it
 * is to unplug the device.
 *
 * <pre>{@code
 * try (PseudoTerminal port = PseudoTerminal.plugIn(folder.resolve("port"));
 *         SimulatedNode node = SimulatedNode.builder()
 *                 .variant(Variant.serialConsole())
 *                 .start(port.fromClient(), port.toClient())) {
 *     links.acquire("serial:" + port.path(), "bot");
 * }
 * }</pre>
 *
 * <p>It is made by a program of the machine, which ends with it: {@code socat}, else {@code script} (of Linux), else {@code python3}; one
 * that fails leaves it to the next. A Ctrl-C does not reach that program, but it does not outlive this one. It has no modem lines and no
 * baud rate: bytes pass as fast as they are read.
 *
 * <p><b>Threading:</b> safe from any thread. The streams block.
 */
public final class PseudoTerminal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PseudoTerminal.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(1);
    private static final int MOST_WORDS = 300;

    private final Path link;
    private final Process program;
    private final Path device;
    private final CompletableFuture<Void> unplugged;

    private PseudoTerminal(Path link, Process program, Path device) {
        this.link = link;
        this.program = program;
        this.device = device;
        this.unplugged = program.onExit().thenAccept(ended -> removeLink());
    }

    /** Whether this machine has a program that makes them. */
    public static boolean isAvailable() {
        return !PtyMaker.here().isEmpty();
    }

    /**
     * Makes one. Returns when the link leads to it; the terminal is raw by then.
     *
     * @param link where nothing must be, except a symbolic link that leads nowhere, which is replaced
     * @throws FileAlreadyExistsException if there is something; it is left alone
     * @throws IOException if it cannot be made; the message says what to do
     */
    public static PseudoTerminal plugIn(Path link) throws IOException {
        IOException failure = null;
        for (PtyMaker maker : PtyMaker.here()) {
            try {
                return plugIn(link, maker);
            } catch (FileAlreadyExistsException | InterruptedIOException noneCanHelp) {
                throw noneCanHelp;
            } catch (IOException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        throw failure != null
                ? failure
                : new IOException("This machine has no program that makes pseudo-terminals: "
                        + "install socat, or put script or python3 on the PATH");
    }

    /** For tests: one of a certain making. */
    static PseudoTerminal plugIn(Path link, PtyMaker maker) throws IOException {
        makeRoom(link);
        Process program = maker.start(link.toAbsolutePath());
        boolean isMade = false;
        try {
            PseudoTerminal made = new PseudoTerminal(link, program, await(link, program, maker));
            isMade = true;
            return made;
        } finally {
            if (!isMade) {
                end(program);
                removeDangling(link);
            }
        }
    }

    private static void makeRoom(Path link) throws IOException {
        removeDangling(link); // Of one whose program was killed.
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(link.toString(), null, "there is something already");
        }
    }

    private static void removeDangling(Path link) throws IOException {
        if (Files.isSymbolicLink(link) && !Files.exists(link)) {
            Files.deleteIfExists(link);
        }
    }

    private static Path await(Path link, Process program, PtyMaker maker) throws IOException {
        long endNanos = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(link)) {
            if (!program.isAlive()) {
                throw new IOException("No pseudo-terminal at " + link + ": " + maker + " says " + lastWords(program));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("No pseudo-terminal at " + link + ": interrupted");
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new IOException("No pseudo-terminal at " + link + ": " + maker + " did not make it in time");
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        try {
            maker.makeRaw(link.toAbsolutePath());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("No pseudo-terminal at " + link + ": interrupted");
        }
        return link.toRealPath();
    }

    private static String lastWords(Process program) throws IOException {
        // The shell of one says it to its terminal.
        InputStream said = new SequenceInputStream(program.getErrorStream(), program.getInputStream());
        String words = new String(said.readNBytes(MOST_WORDS), StandardCharsets.UTF_8).strip();
        return words.isEmpty() ? "nothing, status " + program.exitValue() : words;
    }

    /** The link that was asked for. */
    public Path path() {
        return link;
    }

    /** What the link leads to: {@code /dev/pts/3}. */
    public Path device() {
        return device;
    }

    /** The program that makes it. To end that from outside is to unplug the device, too. */
    public ProcessHandle program() {
        return program.toHandle();
    }

    /** What clients write. It ends, or fails, when the device is unplugged. */
    public InputStream fromClient() {
        return program.getInputStream();
    }

    /** What clients read. To close it unplugs the device. */
    public OutputStream toClient() {
        return new FilterOutputStream(program.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                kill(program);
                super.close();
            }
        };
    }

    /** Whether it is there. */
    public boolean isPlugged() {
        return program.isAlive();
    }

    /** Completes when it has been unplugged, by whomever, and the link is gone. */
    public CompletionStage<Void> unplugged() {
        return unplugged.minimalCompletionStage();
    }

    /** Unplugs it: clients see the device vanish. Returns when it is gone, link included; 10 s at the most. Idempotent. */
    @Override
    public void close() {
        end(program);
        unplugged
                .completeOnTimeout(null, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static void kill(Process program) {
        // By its handle: Process.destroy() waits for whoever is writing to it. One maker has a shell that holds the
        // terminal; it would wait for that, and is deaf while nobody reads.
        List<ProcessHandle> inside = program.descendants().toList();
        inside.forEach(ProcessHandle::destroyForcibly);
        boolean unused = inside.isEmpty()
                ? program.toHandle().destroy()
                : program.toHandle().destroyForcibly();
    }

    private static void killForcibly(Process program) {
        program.descendants().forEach(ProcessHandle::destroyForcibly);
        boolean unused = program.toHandle().destroyForcibly();
    }

    private static void end(Process program) {
        kill(program);
        try {
            if (!program.waitFor(LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS)) {
                killForcibly(program);
                boolean unused = program.waitFor(LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            killForcibly(program);
            Thread.currentThread().interrupt();
        }
    }

    /** At once when the program ends: the system gives the device's name to somebody else. */
    private void removeLink() {
        try {
            if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(device)) {
                Files.delete(link);
            }
        } catch (IOException gone) {
            LOG.debug("{} is left", link, gone);
        }
    }

    @Override
    public String toString() {
        return link + " (" + device + ")";
    }
}
