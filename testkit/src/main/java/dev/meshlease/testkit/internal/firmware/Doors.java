package dev.meshlease.testkit.internal.firmware;

/**
 * All ways to the node's clients. They share what waits for clients, the word that a heartbeat asked for, and the node's one thread: what
 * one of them gives away no other one does. On the node's thread.
 */
public final class Doors {
    private final Turns turns = new Turns();
    private final Server server;
    private int names;
    private boolean heartbeat;

    Doors(Firmware firmware) {
        server = new Server(firmware);
    }

    /** The server for TCP, and for what stands in for it in memory. */
    public Server server() {
        return server;
    }

    Turns turns() {
        return turns;
    }

    /** A name for one more connection. */
    String newName() {
        return Witnesses.name(names++);
    }

    /** Something waits for a client. */
    void news() {
        server.news();
    }

    /** A client asked for a sign of life. Whoever is served next gets it, as in the firmware. */
    void heartbeat() {
        heartbeat = true;
    }

    /** Whether a sign of life is due, which the caller gives. */
    boolean takeHeartbeat() {
        boolean due = heartbeat;
        heartbeat = false;
        return due;
    }

    /** The firmware stops; {@link #up()} starts it again. */
    void down(boolean silently) {
        server.down(silently);
        turns.clear();
        heartbeat = false;
    }

    void up() {
        server.refuse(false);
    }

    void close() {
        server.close();
    }
}
