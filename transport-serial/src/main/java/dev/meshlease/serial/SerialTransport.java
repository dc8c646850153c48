package dev.meshlease.serial;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reaches nodes over serial ports: {@code serial:/dev/serial/by-id/usb-…}, {@code serial:/dev/ttyUSB0}, {@code serial:COM3}. On Linux and
 * macOS the address is a path, or a bare name in {@code /dev}; on Windows the name of a port. {@link SerialEndpoint#list} tells what there is.
 *
 * <p>A link is at 115200 baud, 8N1. Paths that lead to one port have a key in common, see {@link dev.meshlease.Link#keys}, however they are
 * spelt. A device that was unplugged is found again under another name, by its USB serial number or, if it has none, by the socket that it is
 * plugged into; but a symbolic link is followed to wherever it leads.
 *
 * <p>What becomes of the modem lines is {@link ModemLines#ASSERT_BOTH} unless a registry is given a transport that was told otherwise:
 *
 * <pre>{@code
 * LinkRegistry.builder().transport(new SerialTransport(ModemLines.CLEAR_BOTH)).build();
 * LinkRegistry.builder().transport(new SerialTransport().with("/dev/ttyUSB0", ModemLines.LEAVE)).build();
 * }</pre>
 *
 * <p>jSerialComm brings a native library, which is loaded when the first port is opened. From Java 24 on that asks for {@code
 * --enable-native-access=ALL-UNNAMED}, on the module path {@code =com.fazecast.jSerialComm}.
 *
 * <p><b>Threading:</b> immutable, safe from any thread.
 */
public final class SerialTransport implements Transport {
    static final String SCHEME = "serial";
    static final boolean IS_WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");

    private final ModemLines lines;
    private final Map<String, ModemLines> linesByAddress;
    private final SerialPorts ports;
    private final SerialKeys keys;
    private final PortFinder finder;
    private final PortGate gate;
    private final LinkTiming timing;
    private final boolean isWindows;

    /** For {@link java.util.ServiceLoader}, and for whoever names the transport to a registry's builder. */
    public SerialTransport() {
        this(ModemLines.ASSERT_BOTH);
    }

    /** @param lines what becomes of the modem lines of each port */
    public SerialTransport(ModemLines lines) {
        this(lines, DeviceFiles.SYSTEM, JSerialCommPorts.SYSTEM, LinkTiming.STANDARD, IS_WINDOWS);
    }

    /** For tests: on other devices. */
    SerialTransport(ModemLines lines, DeviceFiles files, SerialPorts ports, LinkTiming timing, boolean isWindows) {
        this.lines = Objects.requireNonNull(lines, "lines");
        this.linesByAddress = Map.of();
        this.ports = ports;
        this.keys = new SerialKeys(files, isWindows);
        this.finder = new PortFinder(files, System::nanoTime);
        this.gate = new PortGate(files, keys, PortUsers.SYSTEM, isWindows);
        this.timing = timing;
        this.isWindows = isWindows;
    }

    private SerialTransport(SerialTransport other, Map<String, ModemLines> linesByAddress) {
        this.lines = other.lines;
        this.linesByAddress = Map.copyOf(linesByAddress);
        this.ports = other.ports;
        this.keys = other.keys;
        this.finder = other.finder;
        this.gate = other.gate;
        this.timing = other.timing;
        this.isWindows = other.isWindows;
    }

    /**
     * The same transport with something else for one port.
     *
     * @param address as in the endpoint, without {@code serial:}
     * @param lines what becomes of its modem lines when it is opened by this address
     * @throws IllegalArgumentException if the address is malformed
     */
    public SerialTransport with(String address, ModemLines lines) {
        Map<String, ModemLines> changed = new HashMap<>(linesByAddress);
        changed.put(check(address), Objects.requireNonNull(lines, "lines"));
        return new SerialTransport(this, changed);
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public String check(String address) {
        if (address.isBlank()
                || !address.equals(address.strip())
                || address.chars().anyMatch(c -> c < ' ')) {
            throw malformed(address, "there are blanks around it, or nothing but blanks");
        }
        if (isWindows) {
            String port = SerialKeys.windowsPort(address);
            if (port == null) {
                throw malformed(address, "it is not the name of a port");
            }
            return port;
        }
        Path path;
        try {
            path = Path.of(address);
        } catch (InvalidPathException e) {
            throw malformed(address, "it is no path");
        }
        if (path.isAbsolute()) {
            return path.toString();
        }
        if (path.getNameCount() > 1 || address.indexOf('/') >= 0) {
            throw malformed(address, "the path does not begin with a slash");
        }
        return "/dev/" + address;
    }

    private IllegalArgumentException malformed(String address, String why) {
        return new IllegalArgumentException("'" + address + "' is no serial port: " + why + ". Write "
                + (isWindows
                        ? "the name of a port, for instance COM3"
                        : "the path of a device, for instance /dev/ttyUSB0 or /dev/serial/by-id/…"));
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        CompletableFuture<Target> answer = new CompletableFuture<>();
        try {
            environment.helpers().execute(() -> {
                try {
                    answer.complete(target(address, environment));
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(new CompletionException(e));
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new IOException("no thread to look for " + address + " on", e));
        }
        return answer;
    }

    private Target target(String address, Environment environment) throws IOException {
        String path;
        Set<LinkKey> found;
        try {
            path = isWindows ? address : finder.find(address);
            found = keys.of(path);
        } catch (NoSuchFileException absent) {
            String why = absent.getReason();
            throw (IOException) new NoSuchFileException(
                            address, null, why == null ? "there is no such device; is it plugged in?" : why)
                    .initCause(absent);
        }
        ModemLines wanted = linesByAddress.getOrDefault(address, lines);
        PortOpener opener = () -> ports.inTurn(() -> ports.open(gate.pass(path, found), wanted));
        PortLookout watcher = new PortLookout(path, PortUsers.SYSTEM, OwnPorts.ALL, () -> isStill(path, found));
        return new SerialTarget(found, path, opener, watcher, environment.helpers(), timing);
    }

    /** Keys may become fewer when more is known of a device; those of two devices have none in common. */
    private boolean isStill(String path, Set<LinkKey> device) {
        try {
            return !Collections.disjoint(keys.of(path), device);
        } catch (IOException absent) {
            return false;
        }
    }
}
