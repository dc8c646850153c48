package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import org.jspecify.annotations.Nullable;

/** What is around the node, and stays while it restarts: its peers, and the mesh that it has joined if any. On the node's thread. */
public final class Air {
    private final Firmware firmware;
    private final Peers peers;
    private @Nullable Ether ether;
    private @Nullable Antenna antenna;

    Air(Firmware firmware) {
        this.firmware = firmware;
        peers = new Peers(firmware, this);
    }

    public Peers peers() {
        return peers;
    }

    /**
     * Lets the node hear and be heard by others; from any thread, once, before anything else happens to it.
     *
     * @throws IllegalArgumentException if there is one of its number already
     */
    public void join(Ether joined) {
        Antenna own = new Antenna(firmware);
        joined.join(own);
        firmware.world().execute(() -> {
            ether = joined;
            antenna = own;
        });
    }

    void leave() {
        if (ether != null && antenna != null) {
            ether.leave(antenna);
        }
    }

    /** Whether that is another node with clients of its own. */
    boolean isMember(NodeId id) {
        return ether != null && ether.knows(id);
    }

    /** Whether anybody could hear a packet that the node repeats. */
    boolean hasFarListeners() {
        return ether != null;
    }

    /** The node has transmitted. */
    void carry(Transmission transmission) {
        peers.hear(transmission.packet());
        if (ether != null && antenna != null) {
            ether.carry(antenna, transmission);
        }
    }
}
