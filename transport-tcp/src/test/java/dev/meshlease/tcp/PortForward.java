package dev.meshlease.tcp;

import dev.meshlease.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Another port of this machine that leads to a node, as a router or an SSH tunnel makes one. */
final class PortForward implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final int target;

    PortForward(Endpoint node) throws IOException {
        this.target = Integer.parseInt(node.address().split(":")[1]);
        start(this::serve);
    }

    Endpoint endpoint() {
        return Endpoint.of("tcp://127.0.0.1:" + door.getLocalPort());
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "port-forward");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                Socket client = door.accept();
                sockets.add(client);
                Socket node = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(node);
                start(() -> pump(client, node));
                start(() -> pump(node, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException ended) {
            // One side has ended; so has the other.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket each : sockets) {
            each.close();
        }
    }
}
