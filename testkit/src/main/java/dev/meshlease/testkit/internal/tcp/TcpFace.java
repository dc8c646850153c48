package dev.meshlease.testkit.internal.tcp;

import dev.meshlease.Endpoint;
import dev.meshlease.testkit.internal.firmware.Acceptor;
import dev.meshlease.testkit.internal.firmware.Entrance;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.internal.realtime.RealTimeHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A simulated node on TCP: one listening socket on the loopback interface. On the node's thread but for the start. */
public final class TcpFace implements Entrance {
    /*
     * A client's connection stays in the kernel until the firmware's accept poll comes for it: what waits there, and that others hang
     * once the backlog is full, is the kernel's doing. While one is announced to the firmware the socket is not watched.
     */
    private static final Logger LOG = LoggerFactory.getLogger(TcpFace.class);
    private static final Duration RETRY = Duration.ofMillis(100);

    private final RealTimeHost host;
    private final Firmware firmware;
    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final Set<TcpConnection> connections = new LinkedHashSet<>();
    private final Set<TcpConnection> ghosts = new LinkedHashSet<>();
    private @Nullable ServerSocketChannel server;
    private @Nullable SelectionKey key;
    private boolean refusing;

    private TcpFace(ServerSocketChannel server, RealTimeHost host, Firmware firmware) throws IOException {
        this.server = server;
        this.host = host;
        this.firmware = firmware;
        acceptor = firmware.doors().server();
        address = (InetSocketAddress) server.getLocalAddress();
    }

    /**
     * Listens.
     *
     * @param where with port 0 for a free one
     * @param seed what the node's chance depends on
     * @param making makes the firmware on a host
     * @throws UncheckedIOException if the port is taken
     */
    public static TcpFace start(InetSocketAddress where, long seed, Function<NodeHost, Firmware> making) {
        ServerSocketChannel server = null;
        RealTimeHost host = null;
        boolean started = false;
        try {
            host = RealTimeHost.start(seed);
            Firmware firmware = making.apply(host);
            server = listening(where, firmware.doors().server().backlog());
            TcpFace face = new TcpFace(server, host, firmware);
            host.execute(face::listen);
            started = true;
            return face;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "No simulated node at " + text(where) + ": " + failed.getMessage()
                            + ". Use another port or address; port 0 is a free one",
                    failed);
        } finally {
            if (!started) {
                if (host != null) {
                    host.stop();
                }
                closeQuietly(server);
            }
        }
    }

    private static ServerSocketChannel listening(InetSocketAddress address, int backlog) throws IOException {
        // A channel of no family would take 0.0.0.0 for all addresses of IPv6 as well.
        ServerSocketChannel server = ServerSocketChannel.open(
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        boolean bound = false;
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, backlog);
            bound = true;
            return server;
        } finally {
            if (!bound) {
                closeQuietly(server);
            }
        }
    }

    static void closeQuietly(@Nullable Channel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                LOG.debug("Closing {} failed", channel, ignored);
            }
        }
    }

    public NodeHost host() {
        return host;
    }

    public Firmware firmware() {
        return firmware;
    }

    public Endpoint endpoint() {
        return Endpoint.of("tcp://" + text(address));
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
    }

    private void listen() {
        firmware.doors().server().entrance(this);
        watch();
    }

    private void watch() {
        try {
            if (server != null) {
                key = host.watch(server, SelectionKey.OP_ACCEPT, this::knock);
            }
        } catch (IOException failed) {
            LOG.error("The simulated node at {} cannot listen", address, failed);
        }
    }

    private void knock() {
        if (acceptor.waits(this::take)) {
            interest(0);
        }
    }

    private void take() {
        interest(SelectionKey.OP_ACCEPT);
        // Whoever has left before the next one came is gone, in whatever order the selector tells of the two.
        List.copyOf(connections).forEach(TcpConnection::look);
        SocketChannel client = null;
        try {
            client = server == null ? null : server.accept();
            if (client != null) {
                TcpConnection connection = new TcpConnection(this, client);
                connections.add(connection);
                connection.start();
            }
        } catch (IOException failed) {
            closeQuietly(client);
            LOG.debug("The simulated node at {} lost a connection while it was made", address, failed);
        }
    }

    private void interest(int operations) {
        if (key != null && key.isValid()) {
            key.interestOps(operations);
        }
    }

    Acceptor acceptor() {
        return acceptor;
    }

    RealTimeHost realTime() {
        return host;
    }

    /** Whether connections are refused: the node is not there for those that it has forgotten either. */
    boolean isRefusing() {
        return refusing;
    }

    void forget(TcpConnection connection) {
        connections.remove(connection);
        ghosts.remove(connection);
    }

    Set<TcpConnection> ghosts() {
        return ghosts;
    }

    @Override
    public void refuse(boolean refused) {
        if (refused) {
            refusing = true;
            if (server != null) {
                host.close(server);
            }
            server = null;
            key = null;
        } else if (refusing) {
            refusing = false;
            listenAgain(0);
            List.copyOf(ghosts).forEach(TcpConnection::haunt);
        }
    }

    private void listenAgain(int tries) {
        if (refusing || server != null) {
            return;
        }
        try {
            server = listening(address, acceptor.backlog());
            watch();
        } catch (IOException failed) {
            if (tries == 0) {
                host.execute(() -> listenAgain(1)); // what was closed in this round may have the port up to its end
                return;
            }
            if (tries == 1) {
                LOG.warn(
                        "The simulated node cannot listen at {} again, and keeps trying: {}",
                        address,
                        failed.toString());
                firmware.note("somebody else listens at its port; it keeps trying");
            }
            host.schedule(RETRY.toNanos(), () -> listenAgain(tries + 1));
        }
    }

    /** Ends all that is left on the network; the firmware has closed before. */
    public void stop() {
        host.stop();
    }
}
