package dev.meshlease.testkit;

import dev.meshlease.Endpoint;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reaches the simulated nodes of one virtual environment, without sockets: {@code sim://node-1}, and {@code sim://node-1.console} for its
 * serial console.
 *
 * <p>It behaves like TCP on a small network: bytes take their time (1 ms each way unless told otherwise) and stay in order; a connection to
 * a node that is closed, or was never there, is refused; a node that does not read lets only so many bytes be written.
 *
 * <p>The settings concern connections made afterwards, unless said otherwise.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public final class MemoryTransport implements Transport {
    /** The scheme of the endpoints: {@value}. */
    public static final String SCHEME = "sim";

    /** The receive window of the TCP stack on an ESP32: four segments of 1436 bytes. */
    private static final int WINDOW_BYTES = 5744;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");

    private final VirtualEnvironment environment;
    /** Each environment is a world of its own: its nodes are not those of the same name in another one. */
    private static final AtomicInteger WORLDS = new AtomicInteger();

    private final String world = " of world " + WORLDS.incrementAndGet();
    private final Timeline timeline;
    private final Map<String, MemoryNode> nodes = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>();
    private final Map<String, String> forwards = new ConcurrentHashMap<>();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile long latencyNanos = Duration.ofMillis(1).toNanos();
    private volatile int windowBytes = WINDOW_BYTES;
    private volatile boolean splitting;

    MemoryTransport(VirtualEnvironment environment, Timeline timeline) {
        this.environment = environment;
        this.timeline = timeline;
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    /** {@inheritDoc} Here: a node's name or another name given to it by {@link #alias}; case does not matter. */
    @Override
    public String check(String address) {
        String name = address.strip().toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + address
                    + "' is no name of a simulated node. Take SimulatedNode.endpoint(), which is like sim://node-1.");
        }
        return name;
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        if (environment.time() != timeline) {
            return CompletableFuture.failedFuture(
                    new IOException(
                            "The nodes of " + this.environment + " live in its time alone."
                                    + " Take the registry from its registry(), or give it to LinkRegistry.builder().environment(...)."));
        }
        var answer = new CompletableFuture<Target>();
        timeline.schedule(0, null, () -> {
            String name = nameOf(address);
            String place = forwards.getOrDefault(name, name);
            MemoryNode node = node(place);
            boolean isConsole = node != null && node.isConsole();
            answer.complete(new MemoryTarget(this, place, new LinkKey(SCHEME, name + world), isConsole));
        });
        return answer;
    }

    /** Sets how long bytes take, each way. Default 1 ms. */
    public void latency(Duration oneWay) {
        if (oneWay.isNegative()) {
            throw new IllegalArgumentException("Bytes cannot arrive before they are sent: " + oneWay + ".");
        }
        latencyNanos = oneWay.toNanos();
    }

    /** Sets how many bytes a client can have under way to a node. Default 5744, at least 1. */
    public void window(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("A window of " + bytes + " bytes lets nothing through.");
        }
        windowBytes = bytes;
    }

    /**
     * Sets whether bytes arrive in pieces cut at random, over the borders of frames, and writes are sometimes taken in part. By default
     * everything arrives as it was written. The environment's seed decides on the cuts.
     */
    public void splitting(boolean splitting) {
        this.splitting = splitting;
    }

    /**
     * Gives a node one more name: two endpoints, one link key.
     *
     * @param alias the further name, as an address
     * @param node the endpoint of a node in this environment
     */
    public void alias(String alias, Endpoint node) {
        aliases.put(check(alias), nameOf(node));
    }

    /**
     * Makes another way to a node, as a port forward is one: two endpoints, two link keys. Replaces what was at that address before.
     *
     * @param address the further address
     * @param node the endpoint of a node in this environment
     */
    public void forward(String address, Endpoint node) {
        forwards.put(check(address), nameOf(node));
    }

    /** Has a node stop reading, on all its connections: what clients write fills the window and stays there. */
    public void stall(Endpoint node) {
        existing(node).stall(true);
    }

    /** Has a node read again. */
    public void resume(Endpoint node) {
        existing(node).stall(false);
    }

    private MemoryNode existing(Endpoint endpoint) {
        MemoryNode node = node(nameOf(endpoint));
        if (node == null) {
            throw new IllegalArgumentException(
                    "There is no node at " + endpoint + " in " + environment + ", only " + nodes.keySet() + ".");
        }
        return node;
    }

    private String nameOf(Endpoint endpoint) {
        if (!endpoint.scheme().equals(SCHEME)) {
            throw new IllegalArgumentException(
                    endpoint + " is no node in memory; their endpoints are like sim://node-1.");
        }
        return nameOf(check(endpoint.address()));
    }

    private String nameOf(String address) {
        return aliases.getOrDefault(address, address);
    }

    /** A name that no node of this environment has had. */
    String newName() {
        return "node-" + lastNumber.incrementAndGet();
    }

    /** The name of the serial console of the node of that name. */
    static String consoleOf(String name) {
        return name + ".console";
    }

    void attach(String name, MemoryNode node) {
        nodes.put(name, node);
    }

    void detach(String name) {
        nodes.remove(name);
    }

    @Nullable
    MemoryNode node(String name) {
        return nodes.get(name);
    }

    Timeline timeline() {
        return timeline;
    }

    long latencyNanos() {
        return latencyNanos;
    }

    int windowBytes() {
        return windowBytes;
    }

    /** Where a new connection is to be cut, or null if it is not. */
    @Nullable
    Random cuts() {
        return splitting ? new Random(environment.seed() + connections.incrementAndGet()) : null;
    }
}
