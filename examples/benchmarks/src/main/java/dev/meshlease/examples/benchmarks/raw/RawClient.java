package dev.meshlease.examples.benchmarks.raw;

import dev.meshlease.Endpoint;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A client that does no more than a handshake: it asks for the node's state, and looks at the bytes that come for no more than where the
 * frames begin and which of them is the last. A node that is silent for 10 s fails it.
 */
public final class RawClient implements AutoCloseable {
    private static final int NONCE = 4711;
    private static final int SILENCE_MILLIS = 10_000;
    private static final int HEADER = 4;
    private static final byte START1 = (byte) 0x94;
    private static final byte START2 = (byte) 0xC3;
    private static final byte[] WANT_CONFIG =
            frame(ToRadio.newBuilder().setWantConfigId(NONCE).build().toByteArray());
    private static final byte CONFIG_COMPLETE = FromRadio.newBuilder()
            .setConfigCompleteId(NONCE)
            .build()
            .toByteString()
            .byteAt(0);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] state = new byte[8 * 1024];
    private int filled;
    private int end;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Connects to {@code tcp://127.0.0.1:PORT}. */
    public static RawClient connect(Endpoint node) throws IOException {
        int port = Integer.parseInt(node.address().substring(node.address().indexOf(':') + 1));
        return connect(port);
    }

    /** Connects to a port of the loopback interface. */
    public static RawClient connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SILENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** A whole handshake; returns how many bytes the answer had. */
    public int handshake() throws IOException {
        ask();
        readState();
        return end;
    }

    /** Writes {@code want_config_id}. */
    public void ask() throws IOException {
        out.write(WANT_CONFIG);
    }

    /** Reads to the end of the answer. What the node said behind it is kept, as the beginning of the next. */
    public void readState() throws IOException {
        filled -= end;
        System.arraycopy(state, end, state, 0, filled);
        end = 0;
        boolean complete = false;
        while (!complete) {
            while (!complete && filled - end > HEADER && filled - end >= size(end)) {
                complete = state[end + HEADER] == CONFIG_COMPLETE;
                end += size(end);
            }
            if (!complete) {
                read();
            }
        }
    }

    private void read() throws IOException {
        if (filled == state.length) {
            state = Arrays.copyOf(state, 2 * filled);
        }
        int count = in.read(state, filled, state.length - filled);
        if (count < 0) {
            throw new EOFException("The node hung up after " + filled + " bytes of its state");
        }
        filled += count;
    }

    private int size(int frame) throws IOException {
        if (state[frame] != START1 || state[frame + 1] != START2) {
            throw new IOException("No frame begins " + frame + " bytes into the node's state");
        }
        return HEADER + (((state[frame + 2] & 0xFF) << 8) | (state[frame + 3] & 0xFF));
    }

    /** The bytes of the last answer. */
    public byte[] state() {
        return Arrays.copyOf(state, end);
    }

    /** How many bytes it writes to ask. */
    static int questionBytes() {
        return WANT_CONFIG.length;
    }

    private static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put(START1)
                .put(START2)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
