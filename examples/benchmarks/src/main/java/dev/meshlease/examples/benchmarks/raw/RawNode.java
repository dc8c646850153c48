package dev.meshlease.examples.benchmarks.raw;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * What a handshake costs at the least: a thread that answers each question of one {@link RawClient} with the same bytes, all of them in
 * one write, as soon as it has read the question.
 */
public final class RawNode implements AutoCloseable {
    private final ServerSocket server;
    private final byte[] answer;

    private RawNode(ServerSocket server, byte[] answer) {
        this.server = server;
        this.answer = answer;
    }

    /** Starts one, with a daemon thread that ends with its client. */
    public static RawNode start(byte[] answer) throws IOException {
        RawNode node = new RawNode(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), answer);
        Thread thread = new Thread(node::serve, "raw-node");
        thread.setDaemon(true);
        thread.start();
        return node;
    }

    /** Where it listens, on the loopback interface. */
    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        try (Socket client = server.accept()) {
            client.setTcpNoDelay(true);
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] question = new byte[RawClient.questionBytes()];
            while (in.readNBytes(question, 0, question.length) == question.length) {
                out.write(answer);
            }
        } catch (IOException over) {
            // Closed by its owner or left by its client, who is told by its own end of the socket.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
