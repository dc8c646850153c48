package dev.meshlease.serial;

import dev.meshlease.Endpoint;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A simulated node behind a serial port: each opening of the port is one connection that the node counts, and a node that hangs up is a
 * device that was unplugged and is plugged in again at once, under another name as it may be.
 *
 * <p>socat waits until somebody opens the port, connects to the node then, and ends when either side ends. It is started anew each time.
 */
final class BridgedNode implements AutoCloseable {
    private final SimulatedNode node;
    private final Path port;
    private final Path alias;
    private final Thread keeper;
    private volatile Process socat;
    private volatile boolean isClosed;

    /** @param port where the port is to be; a file beside it is another name of it */
    BridgedNode(SimulatedNode node, Path port) throws IOException {
        this.node = node;
        this.port = port;
        this.alias = Files.createSymbolicLink(port.resolveSibling(port.getFileName() + "-alias"), port.getFileName());
        this.socat = socat();
        this.keeper = new Thread(this::keep, "bridge-to-" + node.id());
        keeper.setDaemon(true);
        keeper.start();
    }

    private Process socat() throws IOException {
        String tcp = node.endpoint().toString().replace("tcp://", "tcp:");
        return new ProcessBuilder(
                        "timeout", // Should this JVM be killed.
                        "120",
                        Pty.socat(),
                        "-t0", // The port goes with the connection, not half a second later.
                        "pty,raw,echo=0,wait-slave,pty-interval=0.01,link=" + port,
                        tcp)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD) // It cannot connect to a node that restarts.
                .start();
    }

    private void keep() {
        try {
            while (!isClosed) {
                socat.waitFor();
                Files.deleteIfExists(port); // If it was killed.
                if (!isClosed) {
                    socat = socat();
                }
            }
        } catch (IOException | InterruptedException e) {
            isClosed = true;
        } finally {
            socat.destroy();
        }
    }

    Endpoint endpoint() {
        return new Endpoint("serial", port.toString());
    }

    Endpoint respelled() {
        return new Endpoint("serial", alias.toString());
    }

    /** Whether a program has it open, for itself as links have. */
    boolean isOpen() {
        try {
            return PortUsers.SYSTEM.lockedBy(port.toRealPath().toString()) != null;
        } catch (IOException unplugged) {
            return false;
        }
    }

    /**
     * Whether whoever opens the port now has a connection of its own: nobody has it open, and the connection of whoever had it is over. Else
     * it would be continued.
     */
    boolean isFresh() {
        return Files.exists(port) && !isOpen() && !node.hasClient();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            // The keeper may just have started another.
            while (keeper.isAlive()) {
                socat.destroy();
                keeper.join(TimeUnit.SECONDS.toMillis(1));
            }
            if (!socat.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("socat does not end");
            }
            Files.deleteIfExists(alias);
            Files.deleteIfExists(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
