package dev.meshlease.examples.benchmarks.raw;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/** What network proxies do: one write for each frame and client. A thread of its own reads all clients' ends and throws away what it reads. */
public final class RawRelay implements AutoCloseable {
    private static final int READ = 64 * 1024;
    private static final long LOOK_NANOS = 20_000;

    private final List<SocketChannel> clients = new ArrayList<>();
    private final Selector selector;
    private final AtomicLong read = new AtomicLong();
    private long written;

    private RawRelay(Selector selector) {
        this.selector = selector;
    }

    /** Starts one with so many clients, all on the loopback interface. */
    public static RawRelay start(int clients) throws IOException {
        RawRelay relay = new RawRelay(Selector.open());
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < clients; i++) {
                SocketChannel end = SocketChannel.open(server.getLocalAddress());
                relay.clients.add(server.accept());
                end.configureBlocking(false);
                var unused = end.register(relay.selector, SelectionKey.OP_READ);
            }
        }
        Thread thread = new Thread(relay::drain, "raw-relay-clients");
        thread.setDaemon(true);
        thread.start();
        return relay;
    }

    private void drain() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ);
        try {
            while (selector.isOpen()) {
                selector.select(key -> take(key, buffer));
            }
        } catch (IOException | RuntimeException over) {
            // Closed.
        }
    }

    private void take(SelectionKey key, ByteBuffer buffer) {
        try {
            int more = ((SocketChannel) key.channel()).read(buffer.clear());
            if (more < 0) {
                key.cancel();
            } else {
                read.lazySet(read.get() + more);
            }
        } catch (IOException broken) {
            key.cancel();
        }
    }

    /**
     * Relays the first frames of some bytes to everybody; until all are read.
     *
     * @param offset where a frame begins
     * @param frames how many
     */
    public double deliveriesPerSecond(byte[] bytes, IntUnaryOperator offset, int frames) throws IOException {
        long start = System.nanoTime();
        ByteBuffer all = ByteBuffer.wrap(bytes);
        for (int i = 0; i < frames; i++) {
            for (SocketChannel client : clients) {
                all.limit(offset.applyAsInt(i + 1)).position(offset.applyAsInt(i));
                while (all.hasRemaining()) {
                    written += client.write(all);
                }
            }
        }
        while (read.get() < written) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return 1e9 * frames * clients.size() / (System.nanoTime() - start);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            key.channel().close();
        }
        selector.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
