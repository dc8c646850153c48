package dev.meshlease.testkit.internal.fault;

import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.internal.firmware.Server;
import org.jspecify.annotations.Nullable;

/** Another client, which asks for the node's state, reads all it is told, and stays until it is thrown out. On the node's thread. */
final class Rival implements ClientWire {
    private static final int NONCE = 0x71a1;

    private final Server server;
    private final NodeHost host;
    private final Runnable whenGone;
    private @Nullable ClientSession session;
    private boolean gone;

    /** @param whenGone called once, when it has lost its connection or was refused; not when it leaves by itself */
    Rival(Server server, NodeHost host, Runnable whenGone) {
        this.server = server;
        this.host = host;
        this.whenGone = whenGone;
    }

    void comes() {
        if (!server.waits(this::enter)) {
            lost();
        }
    }

    private void enter() {
        if (gone) {
            return;
        }
        ClientSession accepted = server.connected(this);
        session = accepted;
        if (!gone) {
            byte[] question = NodeFraming.frame(
                    ToRadio.newBuilder().setWantConfigId(NONCE).build().toByteArray());
            accepted.received(question, 0, question.length);
        }
    }

    /** Connections are refused from now on. */
    void refused() {
        if (session == null) {
            lost();
        }
    }

    /** Hangs up. */
    void leave() {
        if (!gone) {
            gone = true;
            if (session != null) {
                host.execute(session::broken);
            }
        }
    }

    private void lost() {
        if (!gone) {
            gone = true;
            whenGone.run();
        }
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        return length;
    }

    @Override
    public void close(boolean reset) {
        lost();
    }

    @Override
    public void vanish() {
        lost();
    }

    @Override
    public boolean isRival() {
        return true;
    }

    @Override
    public void pause(boolean paused) {
        // it has said all it has to say
    }
}
