package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.internal.tcp.Rivals;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a component does that opens a connection of its own: connects, asks for the node's state, reads packets, and connects again a
 * moment after each loss, for ever. Two of them at one node evict each other for as long as both run.
 *
 * <p>It exists to show that, and to be the rival in tests. It connects to the loopback interface only.
 *
 * <p><b>Threading:</b> safe from any thread. Texts are reported on its own thread, {@code meshlease-naive-N}.
 */
public final class NaiveClient implements AutoCloseable {
    /** How long it waits before it connects again, if nothing else is said. */
    public static final Duration DEFAULT_RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(NaiveClient.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int DEFAULT_PORT = 4403;
    private static final int CONNECT_TIMEOUT_MILLIS = 5000;
    private static final int READ_BYTES = 4096;

    private final InetSocketAddress address;
    private final Duration retry;
    private final Consumer<String> onText;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger packets = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final AtomicInteger kicked = new AtomicInteger();
    private volatile @Nullable Socket socket;

    private NaiveClient(InetSocketAddress address, Duration retry, Consumer<String> onText) {
        this.address = address;
        this.retry = retry;
        this.onText = onText;
        thread = new Thread(this::live, "meshlease-naive-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
    }

    /** Starts one that counts and tells nobody. */
    public static NaiveClient start(Endpoint node) {
        return start(node, DEFAULT_RETRY, text -> {});
    }

    /**
     * Starts one.
     *
     * @param node {@code tcp://HOST:PORT} on the loopback interface
     * @param retry how long it waits before it connects again
     * @param onText told of each text it reads; on its own thread, which an exception does not stop
     * @throws IllegalArgumentException if the endpoint is anything else
     */
    public static NaiveClient start(Endpoint node, Duration retry, Consumer<String> onText) {
        Objects.requireNonNull(onText, "onText");
        if (retry.isNegative()) {
            throw new IllegalArgumentException("Nobody can wait " + retry);
        }
        NaiveClient client = new NaiveClient(address(node), retry, onText);
        client.thread.start();
        return client;
    }

    private static InetSocketAddress address(Endpoint node) {
        String text = node.address();
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        try {
            int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(text.substring(colon + 1));
            InetAddress address = InetAddress.getByName(host);
            if (node.scheme().equals("tcp") && address.isLoopbackAddress()) {
                return new InetSocketAddress(address, port);
            }
        } catch (UnknownHostException | NumberFormatException malformed) {
            throw wrong(node, malformed);
        }
        throw wrong(node, null);
    }

    private static IllegalArgumentException wrong(Endpoint node, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "A naive client goes to tcp://127.0.0.1:PORT, not to " + node
                        + ": it would take a real node away from whoever uses it",
                cause);
    }

    /** How many packets it has read. */
    public int packets() {
        return packets.get();
    }

    /** How many connections it has made. */
    public int connections() {
        return connections.get();
    }

    /** How many times it has read the node's whole state. */
    public int handshakes() {
        return handshakes.get();
    }

    /** How many connections it has lost. */
    public int kicked() {
        return kicked.get();
    }

    /**
     * Writes a text to everybody on the primary channel, if it has a connection at the moment. Like any component of its kind it does not
     * know whether the node has read it.
     *
     * @return whether the write succeeded
     */
    public boolean says(String text) {
        MeshPacket packet = MeshPacket.newBuilder()
                .setTo(NodeId.BROADCAST.number())
                .setId(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE))
                .setHopLimit(3)
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.TEXT_MESSAGE_APP)
                        .setPayload(ByteString.copyFromUtf8(text)))
                .build();
        Socket now = socket;
        if (now == null) {
            return false;
        }
        try {
            write(now, ToRadio.newBuilder().setPacket(packet).build());
            return true;
        } catch (IOException lost) {
            LOG.debug("{}: a text was not written", thread.getName(), lost);
            return false;
        }
    }

    private void write(Socket to, ToRadio message) throws IOException {
        synchronized (this) {
            to.getOutputStream().write(NodeFraming.frame(message.toByteArray()));
        }
    }

    /** Ends it; returns when its thread has ended, or after 5 s. */
    @Override
    public void close() {
        closing.countDown();
        disconnect(socket);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void disconnect(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException ignored) {
                LOG.debug("Closing {} failed", socket, ignored);
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void live() {
        try {
            do {
                connectAndRead();
            } while (!closing.await(retry.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void connectAndRead() {
        boolean connected = false;
        int port = 0;
        try (Socket mine = new Socket()) {
            mine.bind(null);
            port = mine.getLocalPort();
            Rivals.add(mine);
            mine.connect(address, CONNECT_TIMEOUT_MILLIS);
            mine.setTcpNoDelay(true);
            socket = mine;
            connected = true;
            connections.incrementAndGet();
            if (isClosing()) {
                return;
            }
            int nonce = ThreadLocalRandom.current().nextInt(1, 60_000);
            write(mine, ToRadio.newBuilder().setWantConfigId(nonce).build());
            read(mine.getInputStream());
        } catch (IOException lost) {
            LOG.debug("{}: connection lost", thread.getName(), lost);
        } finally {
            socket = null;
            if (!connected) {
                Rivals.remove(port);
            } else if (!isClosing()) {
                kicked.incrementAndGet();
            }
        }
    }

    private void read(InputStream in) throws IOException {
        NodeFraming framing = new NodeFraming();
        byte[] chunk = new byte[READ_BYTES];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            for (int i = 0; i < count; i++) {
                byte[] payload = framing.take(chunk[i]);
                if (payload != null) {
                    handle(payload);
                }
            }
        }
    }

    private void handle(byte[] payload) throws InvalidProtocolBufferException {
        FromRadio message = FromRadio.parseFrom(payload);
        if (message.hasConfigCompleteId()) {
            handshakes.incrementAndGet();
        } else if (message.hasPacket()) {
            packets.incrementAndGet();
            Data data = message.getPacket().getDecoded();
            if (data.getPortnum() == PortNum.TEXT_MESSAGE_APP) {
                try {
                    onText.accept(data.getPayload().toStringUtf8());
                } catch (RuntimeException thrown) {
                    LOG.warn("{}: the listener for texts threw", thread.getName(), thrown);
                }
            }
        }
    }
}
