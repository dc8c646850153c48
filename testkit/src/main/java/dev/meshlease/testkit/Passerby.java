package dev.meshlease.testkit;

import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Server;

/** Somebody who connects, says nothing, and hangs up. On the node's thread, but for the question whether it is gone. */
final class Passerby implements ClientWire {
    private volatile boolean gone;

    void visits(Server server) {
        gone = !server.waits(() -> server.connected(this).broken(), () -> gone = true);
    }

    boolean isGone() {
        return gone;
    }

    @Override
    public boolean isRival() {
        return true;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        return length;
    }

    @Override
    public void close(boolean reset) {
        gone = true;
    }

    @Override
    public void vanish() {
        gone = true;
    }

    @Override
    public void pause(boolean paused) {
        // it says nothing
    }
}
