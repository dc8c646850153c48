package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;

/** The node's radio, as the rest of the node uses it. On the node's thread. */
public final class Radio {
    static final int RES_OK = 0;
    static final int RES_QUEUE_FULL = 32;
    static final int RES_DISABLED = 34;

    private final Firmware firmware;
    private final Transmitter transmitter;
    private final Attempts attempts;

    Radio(Firmware firmware, Router router) {
        this.firmware = firmware;
        transmitter = new Transmitter(firmware, router::started, router::transmitted);
        attempts = new Attempts(firmware, transmitter, id -> router.verdict(id, Routing.Error.MAX_RETRANSMIT));
    }

    QueueStatus status(int res, int packetId) {
        return QueueStatus.newBuilder()
                .setRes(res)
                .setFree(transmitter.free())
                .setMaxlen(firmware.get(Switch.TX_QUEUE))
                .setMeshPacketId(packetId)
                .build();
    }

    /**
     * Takes a packet of the node's own for transmission, or says why not.
     *
     * @param wantAck whether it is to be transmitted again until somebody has heard it
     */
    int send(Transmission own, boolean wantAck) {
        if (isOff()) {
            if (wantAck) {
                attempts.giveUpLater(own);
            }
            return RES_DISABLED;
        }
        if (!Packets.isByRadio(own.packet().getTo())) {
            return RES_OK;
        }
        if (!transmitter.offer(own)) {
            return RES_QUEUE_FULL;
        }
        if (wantAck) {
            attempts.begin(own);
        }
        return RES_OK;
    }

    /** Repeats another node's packet, if there is room for it and it does not wait already. */
    void relay(Transmission heard) {
        if (!isOff() && !transmitter.holds(heard)) {
            var unused = transmitter.offerRelay(heard);
        }
    }

    /** A simulated radio has nothing to switch off. */
    private boolean isOff() {
        var lora = firmware.state().lora();
        return !firmware.is(Switch.SIMULATED_RADIO) && (!lora.getTxEnabled() || lora.getRegionValue() == 0);
    }

    /** Somebody has heard a packet: no more attempts. Returns whether an ack was still waited for. */
    boolean heard(int packetId) {
        return attempts.end(packetId);
    }
}
