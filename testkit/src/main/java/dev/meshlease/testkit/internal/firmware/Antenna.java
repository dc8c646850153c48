package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.User;

/** One node's place in an {@link Ether}. From any thread. */
public final class Antenna {
    private final Firmware firmware;
    private final NodeId id;
    private final User owner;

    /** On the node's thread, or before there is one. */
    Antenna(Firmware firmware) {
        this.firmware = firmware;
        id = new NodeId(firmware.state().number());
        owner = firmware.state().owner();
    }

    public NodeId id() {
        return id;
    }

    /** Tells another node what it has to know of this one to write to it: name and key, as they were when this one joined. */
    public void introduceTo(Antenna other) {
        other.firmware.world().execute(() -> other.meet(id, owner));
    }

    private void meet(NodeId newcomer, User user) {
        firmware.state()
                .put(firmware.state().node(newcomer.number()).orElse(NodeInfo.getDefaultInstance()).toBuilder()
                        .setNum(newcomer.number())
                        .setUser(user)
                        .setLastHeard(firmware.epochSeconds())
                        .build());
    }

    /**
     * Receives a transmission, if the node is up.
     *
     * @param snr how well, in dB
     */
    public void receive(Transmission transmission, float snr) {
        firmware.world().execute(() -> {
            if (firmware.isUp()) {
                firmware.router().receive(transmission, snr);
            }
        });
    }
}
