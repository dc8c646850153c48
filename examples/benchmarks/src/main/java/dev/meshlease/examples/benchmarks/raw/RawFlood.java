package dev.meshlease.examples.benchmarks.raw;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.ToRadio;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A node that answers a handshake and then says the same frames as fast as its client reads, for ever. One client at a time. */
public final class RawFlood implements AutoCloseable {
    private static final int READ = 64 * 1024;
    private static final int START = 0x94C3;

    private final ServerSocket server;
    private final byte[] frames;

    private RawFlood(ServerSocket server, byte[] frames) {
        this.server = server;
        this.frames = frames;
    }

    /** Starts one, with a daemon thread that ends when it is closed. */
    public static RawFlood start(byte[] frames) throws IOException {
        RawFlood flood = new RawFlood(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), frames);
        Thread thread = new Thread(flood::serve, "raw-flood");
        thread.setDaemon(true);
        thread.start();
        return flood;
    }

    /** Where it listens, on the loopback interface. */
    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                say(client);
            } catch (IOException over) {
                // The client has left, or the server is closed.
            }
        }
    }

    private void say(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        int question = 0;
        while (question == 0) {
            if (in.readUnsignedShort() != START) {
                throw new IOException("No frame");
            }
            question = ToRadio.parseFrom(in.readNBytes(in.readUnsignedShort())).getWantConfigId();
        }
        tell(
                out,
                FromRadio.newBuilder()
                        .setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(1))
                        .build());
        tell(out, FromRadio.newBuilder().setConfigCompleteId(question).build());
        for (; ; ) {
            out.write(frames);
        }
    }

    private static void tell(DataOutputStream out, FromRadio message) throws IOException {
        byte[] payload = message.toByteArray();
        out.writeShort(START);
        out.writeShort(payload.length);
        out.write(payload);
    }

    /** Reads as a plain client, and looks at nothing. */
    public double readBytesPerSecond(long before, long count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] question = ToRadio.newBuilder().setWantConfigId(7).build().toByteArray();
            out.writeShort(START);
            out.writeShort(question.length);
            out.write(question);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[READ];
            read(in, buffer, before);
            long start = System.nanoTime();
            long read = read(in, buffer, count);
            return 1e9 * read / (System.nanoTime() - start);
        }
    }

    private static long read(InputStream in, byte[] buffer, long count) throws IOException {
        long read = 0;
        while (read < count) {
            int more = in.read(buffer);
            if (more < 0) {
                throw new IOException("The server has ended");
            }
            read += more;
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
