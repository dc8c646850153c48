package dev.meshlease.verification.architecture;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import javax.net.SocketFactory;

/** What must not be: each looks in another way whether somebody is there. Never run; the rule is tried on them. */
final class ProbeSamples {
    private ProbeSamples() {}

    static final class BySocket {
        void probe(Socket socket, SocketAddress node) throws IOException {
            socket.connect(node, 100);
        }
    }

    static final class BySocketAtOnce {
        boolean probe(String host) throws IOException {
            try (Socket socket = new Socket(host, 4403)) {
                return socket.isConnected();
            }
        }
    }

    static final class ByOwnSocket {
        static final class Quick extends Socket {}

        void probe(Quick socket, SocketAddress node) throws IOException {
            socket.connect(node);
        }
    }

    static final class ByFactory {
        boolean probe(InetAddress host) throws IOException {
            try (Socket socket = SocketFactory.getDefault().createSocket(host, 4403)) {
                return socket.isConnected();
            }
        }
    }

    static final class ByChannel {
        boolean probe(SocketChannel channel, SocketAddress node) throws IOException {
            return channel.connect(node);
        }
    }

    static final class ByChannelAtOnce {
        boolean probe() throws IOException {
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("10.0.0.7", 4403))) {
                return channel.isConnected();
            }
        }
    }

    static final class ByAsynchronousChannel {
        Object probe(AsynchronousSocketChannel channel, SocketAddress node) {
            return channel.connect(node);
        }
    }

    static final class ByDatagramChannel {
        Object probe(DatagramChannel channel, SocketAddress node) throws IOException {
            return channel.connect(node);
        }
    }

    static final class ByDatagramSocket {
        void probe(DatagramSocket socket, SocketAddress node) throws IOException {
            socket.connect(node);
        }
    }

    static final class ByPing {
        boolean probe(InetAddress host) throws IOException {
            return host.isReachable(100);
        }
    }

    static final class ByUrl {
        Object probe(URL url) throws IOException {
            return url.openConnection();
        }
    }

    static final class ByHttp {
        Object probe(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
            return client.send(request, HttpResponse.BodyHandlers.discarding());
        }
    }

    /** Somebody else calls it. */
    static final class ByReference {
        Callable<Object> probe(URL url) {
            return url::openStream;
        }
    }

    /** What looks similar, and is none. */
    static final class Harmless {
        interface Cable {
            void connect(String to);
        }

        void plugs(Cable cable) throws IOException {
            cable.connect("here");
            try (Socket socket = new Socket();
                    SocketChannel channel = SocketChannel.open()) {
                socket.bind(channel.getLocalAddress());
            }
        }
    }
}
