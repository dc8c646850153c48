package dev.meshlease.testkit.internal.tcp;

import dev.meshlease.Endpoint;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A simulated node on TCP: one listening socket on the loopback interface. On the node's thread but for the start. */
public final class TcpFace {
    private static final Logger LOG = LoggerFactory.getLogger(TcpFace.class);
    private static final int BACKLOG = 5;

    private final ServerSocketChannel server;
    private final NodeThread host;
    private final Firmware firmware;

    private TcpFace(ServerSocketChannel server, NodeThread host, Firmware firmware) {
        this.server = server;
        this.host = host;
        this.firmware = firmware;
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @param port where, or 0 for a free port
     * @param making makes the firmware on a host
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public static TcpFace start(int port, Function<NodeHost, Firmware> making) {
        ServerSocketChannel server = null;
        NodeThread host = null;
        boolean started = false;
        try {
            server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(loopback(), port), BACKLOG);
            host = NodeThread.start();
            TcpFace face = new TcpFace(server, host, making.apply(host));
            host.execute(face::listen);
            started = true;
            return face;
        } catch (IOException failed) {
            throw NodeThread.cannotListen(port, failed);
        } finally {
            if (!started) {
                if (host != null) {
                    host.stop();
                }
                closeQuietly(server);
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
        return Endpoint.of("tcp://127.0.0.1:" + server.socket().getLocalPort());
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void closeQuietly(@Nullable Channel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                LOG.debug("Closing {} failed", channel, ignored);
            }
        }
    }

    private void listen() {
        try {
            host.watch(server, SelectionKey.OP_ACCEPT, this::accept);
        } catch (IOException failed) {
            LOG.error("A simulated node cannot listen", failed);
        }
    }

    /** Takes connections out of the kernel at once; when the firmware looks at them is the firmware's affair. */
    private void accept() {
        try {
            for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                new Connection(client).start();
            }
        } catch (IOException failed) {
            LOG.debug("A simulated node lost a connection while it was made", failed);
        }
    }

    /** Stops listening, and ends the thread. */
    public void stop() {
        host.execute(() -> closeQuietly(server));
        host.stop();
    }

    /**
     * One client's socket. What does not fit the kernel's buffer waits in {@code pending}, up to a limit; a client that never reads is cut
     * off there.
     */
    private final class Connection implements ClientWire {
        private static final int READ_BYTES = 16 * 1024;
        private static final int MAX_PENDING = 2 * 1024 * 1024;

        private final SocketChannel channel;
        private final ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES);
        private final Deque<ByteBuffer> pending = new ArrayDeque<>();
        private int pendingBytes;
        private final ClientSession session;
        private @Nullable SelectionKey key;
        private boolean closing;
        private boolean over;

        Connection(SocketChannel channel) {
            this.channel = channel;
            session = firmware.connected(this);
        }

        void start() throws IOException {
            if (!over) {
                key = host.watch(channel, SelectionKey.OP_READ, this::ready);
            }
        }

        private void ready() {
            try {
                if (key != null && key.isValid() && key.isWritable()) {
                    flush();
                }
                if (key != null && key.isValid() && key.isReadable()) {
                    read();
                }
            } catch (IOException lost) {
                lost();
            }
        }

        private void read() throws IOException {
            chunk.clear();
            int count = channel.read(chunk);
            if (count > 0) {
                session.received(chunk.array(), 0, count);
            } else if (count < 0) {
                interest(SelectionKey.OP_READ, false);
                session.ended();
            }
        }

        @Override
        public int write(byte[] bytes, int offset, int length) {
            if (over || closing) {
                return length;
            }
            if (pendingBytes + length > MAX_PENDING) {
                LOG.debug("A simulated node cuts off a client that does not read");
                lost();
                return length;
            }
            pending.addLast(ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + length)));
            pendingBytes += length;
            try {
                flush();
            } catch (IOException lost) {
                lost();
            }
            return length;
        }

        @Override
        public void vanish() {
            close(true);
        }

        @Override
        public void pause(boolean paused) {
            interest(SelectionKey.OP_READ, !paused);
        }

        private void flush() throws IOException {
            for (ByteBuffer next = pending.peekFirst(); next != null; next = pending.peekFirst()) {
                pendingBytes -= channel.write(next);
                if (next.hasRemaining()) {
                    break;
                }
                pending.removeFirst();
            }
            interest(SelectionKey.OP_WRITE, !pending.isEmpty());
            if (closing && pending.isEmpty()) {
                end();
            }
        }

        private void interest(int operation, boolean on) {
            if (key != null && key.isValid()) {
                key.interestOps(on ? key.interestOps() | operation : key.interestOps() & ~operation);
            }
        }

        @Override
        public void close(boolean reset) {
            if (over || closing) {
                return;
            }
            try {
                if (reset) {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    end();
                } else {
                    closing = true;
                    interest(SelectionKey.OP_READ, false);
                    flush();
                }
            } catch (IOException lost) {
                end();
            }
        }

        /** The client is gone: its bytes cannot be had any more, and the firmware is told. */
        private void lost() {
            if (!over) {
                end();
                session.ended();
            }
        }

        private void end() {
            over = true;
            closeQuietly(channel);
        }
    }
}
