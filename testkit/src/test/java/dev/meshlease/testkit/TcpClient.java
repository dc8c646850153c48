package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.Endpoint;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client with a socket, which waits for what it reads 10 s at the most. */
final class TcpClient implements AutoCloseable {
    private static final int READ_LIMIT_MILLIS = 10_000;

    final Socket socket = new Socket();

    /** One whose kernel takes little before it reads. */
    static TcpClient narrow(Endpoint node, int receiveBuffer) throws IOException {
        TcpClient client = new TcpClient();
        client.socket.setReceiveBufferSize(receiveBuffer);
        client.connect(node);
        return client;
    }

    static TcpClient of(Endpoint node) throws IOException {
        TcpClient client = new TcpClient();
        client.connect(node);
        return client;
    }

    static InetSocketAddress address(Endpoint node) {
        String address = node.address();
        int colon = address.indexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private void connect(Endpoint node) throws IOException {
        boolean connected = false;
        try {
            socket.connect(address(node), READ_LIMIT_MILLIS);
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            connected = true;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    void writes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    static byte[] frame(ToRadio.Builder message) {
        return NodeFraming.frame(message.build().toByteArray());
    }

    static byte[] wantsConfig(int nonce) {
        return frame(ToRadio.newBuilder().setWantConfigId(nonce));
    }

    static byte[] beat() {
        return frame(ToRadio.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
    }

    static byte[] goodbye() {
        return frame(ToRadio.newBuilder().setDisconnect(true));
    }

    static byte[] together(byte[] first, byte[] second) {
        return ByteString.copyFrom(first).concat(ByteString.copyFrom(second)).toByteArray();
    }

    void handshake(int nonce) throws IOException {
        writes(wantsConfig(nonce));
        completes(nonce);
    }

    void completes(int nonce) throws IOException {
        while (next().getConfigCompleteId() != nonce) {
            // the dump
        }
    }

    FromRadio next() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int start = in.readUnsignedShort();
        if (start != 0x94C3) {
            throw new AssertionError("no frame begins with " + Integer.toHexString(start));
        }
        return FromRadio.parseFrom(in.readNBytes(in.readUnsignedShort()));
    }

    String nextText() throws IOException {
        FromRadio next;
        do {
            next = next();
        } while (!next.hasPacket());
        return next.getPacket().getDecoded().getPayload().toStringUtf8();
    }

    /** Reads until the connection ends, and says how. */
    String end() throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // what was still on its way
            }
            return "FIN";
        } catch (SocketException reset) {
            return "RST";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
