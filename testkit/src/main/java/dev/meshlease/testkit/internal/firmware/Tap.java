package dev.meshlease.testkit.internal.firmware;

import org.jspecify.annotations.Nullable;

/** Stands next to the face and tells the node's witnesses what really passes. On the node's thread. */
final class Tap implements Line {
    private final Witness witness;
    private final String name;
    private final ClientWire wire;
    private @Nullable ClientSession session;
    private boolean ended;
    private boolean dead;

    Tap(Witness witness, String name, ClientWire wire) {
        this.witness = witness;
        this.name = name;
        this.wire = wire;
        witness.connected(name, wire.isRival());
    }

    @Override
    public void leadsTo(ClientSession session) {
        this.session = session;
    }

    private void ended(Witness.End how) {
        if (!ended) {
            ended = true;
            witness.ended(name, how);
        }
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        if (dead) {
            return length;
        }
        int taken = wire.write(bytes, offset, length);
        if (taken > 0) {
            witness.sent(name, bytes, offset, taken);
        }
        return taken;
    }

    @Override
    public void close(boolean reset) {
        dead = true;
        ended(reset ? Witness.End.RST : Witness.End.FIN);
        wire.close(reset);
    }

    @Override
    public void vanish() {
        dead = true;
        ended(Witness.End.SILENT);
        wire.vanish();
    }

    @Override
    public boolean isRival() {
        return wire.isRival();
    }

    @Override
    public void pause(boolean paused) {
        witness.paused(name, paused);
        wire.pause(paused);
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        witness.received(name, bytes, offset, length);
        if (session != null) {
            session.received(bytes, offset, length);
        }
    }

    @Override
    public void writable() {
        if (session != null) {
            session.writable();
        }
    }

    @Override
    public void ended() {
        ended(Witness.End.BY_CLIENT);
        if (session != null) {
            session.ended();
        }
    }

    @Override
    public void broken() {
        dead = true;
        ended(Witness.End.BY_CLIENT);
        if (session != null) {
            session.broken();
        }
    }
}
