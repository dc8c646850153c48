package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.Acceptor;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A node's end of connections that does what a test tells it, and echoes if told nothing. */
final class ScriptedServer implements Acceptor {
    final List<Session> sessions = new ArrayList<>();
    final VirtualLoop loop;
    boolean echoes = true;

    private ScriptedServer(VirtualLoop loop) {
        this.loop = loop;
    }

    static ScriptedServer at(VirtualEnvironment environment, String name) {
        var server = new ScriptedServer(environment.newVirtualLoop(name));
        environment.transport().attach(name, new MemoryNode(server.loop, server, false));
        return server;
    }

    @Override
    public boolean waits(Runnable take) {
        take.run();
        return true;
    }

    @Override
    public int backlog() {
        return 0;
    }

    @Override
    public int sendBuffer() {
        return Integer.MAX_VALUE;
    }

    @Override
    public ClientSession connected(ClientWire wire) {
        var session = new Session(wire);
        sessions.add(session);
        return session;
    }

    Session only() {
        if (sessions.size() != 1) {
            throw new AssertionError("Not one session but " + sessions.size());
        }
        return sessions.get(0);
    }

    final class Session implements ClientSession {
        private final ClientWire wire;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final List<Integer> pieces = new ArrayList<>();
        int ends;
        int breaks;

        private Session(ClientWire wire) {
            this.wire = wire;
        }

        @Override
        public void received(byte[] received, int offset, int length) {
            if (!loop.isOwner()) {
                throw new AssertionError("not on the node's thread");
            }
            bytes.write(received, offset, length);
            pieces.add(length);
            if (echoes) {
                var echo = new byte[length];
                System.arraycopy(received, offset, echo, 0, length);
                wire.write(echo, 0, length);
            }
        }

        @Override
        public void writable() {
            // it never writes too much
        }

        @Override
        public void ended() {
            ends++;
        }

        @Override
        public void broken() {
            breaks++;
        }

        byte[] received() {
            return bytes.toByteArray();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        void says(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            loop.execute(() -> wire.write(bytes, 0, bytes.length));
        }

        void closes(boolean reset) {
            loop.execute(() -> wire.close(reset));
        }
    }
}
