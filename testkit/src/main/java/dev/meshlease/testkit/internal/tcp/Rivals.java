package dev.meshlease.testkit.internal.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sockets of this JVM that are there to evict others, by their ports, until a node has accepted them: they may have left by then. From any
 * thread.
 */
public final class Rivals {
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private Rivals() {}

    /** Makes a socket known, which is bound and not yet connected. */
    public static void add(Socket socket) {
        PORTS.add(socket.getLocalPort());
    }

    /** It has not been connected. */
    public static void remove(int port) {
        PORTS.remove(port);
    }

    /** Whether this connection leads to one. Asked once, for the port may be another's afterwards. */
    static boolean take(SocketChannel connection) {
        try {
            return connection.getRemoteAddress() instanceof InetSocketAddress remote && PORTS.remove(remote.getPort());
        } catch (IOException closed) {
            return false;
        }
    }
}
