package dev.meshlease.testkit.internal.firmware;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All ways to the node's clients. They share what waits for clients, the word that a heartbeat asked for, and the node's one thread: what
 * one of them gives away no other one does. On the node's thread.
 */
public final class Doors {
    private final Turns turns = new Turns();
    private final Firmware firmware;
    private final Server server;
    private final Console console;
    private final List<Tab> tabs = new ArrayList<>();
    private int names;
    private boolean heartbeat;

    Doors(Firmware firmware) {
        this.firmware = firmware;
        server = new Server(firmware);
        console = new Console(firmware);
    }

    /** The server for TCP, and for what stands in for it in memory. */
    public Server server() {
        return server;
    }

    public Console console() {
        return console;
    }

    /** Opens a tab of the web interface that looks every so often. */
    public Tab tab(Duration every) {
        Tab tab = new Tab(firmware, every.toNanos());
        tabs.add(tab);
        tab.look();
        return tab;
    }

    public void close(Tab tab) {
        tabs.remove(tab);
        tab.close();
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
        console.news();
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
        console.down();
        turns.clear();
        heartbeat = false;
    }

    void up() {
        server.refuse(false);
        console.boot();
        tabs.forEach(Tab::look);
    }

    void close() {
        server.close();
        console.down();
        console.unplug();
    }
}
