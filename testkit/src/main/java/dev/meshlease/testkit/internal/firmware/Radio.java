package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The node's transmitter: a queue of 16, one transmission at a time, three attempts for what wants an ack. On the node's thread.
 */
public final class Radio {
    static final int RES_OK = 0;
    static final int RES_QUEUE_FULL = 32;
    static final int RES_DISABLED = 34;

    private static final int QUEUE = 16;
    private static final int ATTEMPTS = 3;
    /** What fits a LoRa frame besides its header. */
    private static final int MAX_DATA = 255 - 16;

    private static final int PKI_OVERHEAD = 12;

    private final Firmware firmware;
    private final Deque<MeshPacket> queue = new ArrayDeque<>();
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private final List<MeshPacket> sent;
    private boolean transmitting;

    /**
     * @param sent where it notes what clients had transmitted
     */
    Radio(Firmware firmware, List<MeshPacket> sent) {
        this.firmware = firmware;
        this.sent = sent;
    }

    QueueStatus status(int res, int packetId) {
        return QueueStatus.newBuilder()
                .setRes(res)
                .setFree(QUEUE - queue.size())
                .setMaxlen(QUEUE)
                .setMeshPacketId(packetId)
                .build();
    }

    /** What clients had transmitted, first attempts only. */
    public List<MeshPacket> sent() {
        return List.copyOf(sent);
    }

    /** Takes a packet for transmission, or says why not. */
    int send(MeshPacket packet, boolean fromClient) {
        if (tooLarge(packet)) {
            firmware.verdict(packet.getId(), Routing.Error.TOO_LARGE);
            return Routing.Error.TOO_LARGE_VALUE;
        }
        var lora = firmware.state().lora();
        if (!lora.getTxEnabled() || lora.getRegionValue() == 0) {
            if (packet.getWantAck()) {
                attempts.put(packet.getId(), ATTEMPTS);
                firmware.host().schedule(ATTEMPTS * firmware.nanos(Switch.RETRANSMIT_AFTER), () -> giveUp(packet));
            }
            return RES_DISABLED;
        }
        if (queue.size() == QUEUE) {
            return RES_QUEUE_FULL;
        }
        if (fromClient) {
            sent.add(packet);
        }
        if (packet.getWantAck()) {
            attempts.put(packet.getId(), 0);
        }
        enqueue(packet);
        return RES_OK;
    }

    private boolean tooLarge(MeshPacket packet) {
        Data data = packet.getDecoded();
        Data onAir =
                data.toBuilder().setBitfield(data.getWantResponse() ? 2 : 0).build();
        return onAir.getSerializedSize() > (isForOneKey(packet) ? MAX_DATA - PKI_OVERHEAD : MAX_DATA);
    }

    /** Whether the node encrypts this packet with the key of its destination. */
    private boolean isForOneKey(MeshPacket packet) {
        return switch (packet.getDecoded().getPortnumValue()) {
            case PortNum.TRACEROUTE_APP_VALUE,
                    PortNum.NODEINFO_APP_VALUE,
                    PortNum.ROUTING_APP_VALUE,
                    PortNum.POSITION_APP_VALUE -> false;
            default ->
                !firmware.is(Switch.SIMULATED_RADIO)
                        && packet.getTo() != NodeId.BROADCAST.number()
                        && firmware.state().hasKeyOf(packet.getTo());
        };
    }

    private void enqueue(MeshPacket packet) {
        queue.addLast(packet);
        transmitNext();
    }

    private void transmitNext() {
        if (transmitting || queue.isEmpty()) {
            return;
        }
        transmitting = true;
        firmware.host().schedule(firmware.nanos(Switch.AIRTIME), () -> {
            transmitting = false;
            MeshPacket packet = queue.removeFirst();
            transmitted(packet);
            transmitNext();
        });
    }

    private void transmitted(MeshPacket packet) {
        firmware.transmitted(packet);
        Integer before = attempts.get(packet.getId());
        if (before == null) {
            return;
        }
        attempts.put(packet.getId(), before + 1);
        firmware.host().schedule(firmware.nanos(Switch.RETRANSMIT_AFTER), () -> again(packet));
    }

    private void again(MeshPacket packet) {
        Integer done = attempts.get(packet.getId());
        if (done == null) {
            return;
        }
        if (done >= ATTEMPTS) {
            giveUp(packet);
        } else if (queue.size() < QUEUE) {
            enqueue(packet);
        } else {
            firmware.host().schedule(firmware.nanos(Switch.RETRANSMIT_AFTER), () -> again(packet));
        }
    }

    private void giveUp(MeshPacket packet) {
        if (attempts.remove(packet.getId()) != null) {
            firmware.verdict(packet.getId(), Routing.Error.MAX_RETRANSMIT);
        }
    }

    /** Somebody heard it: no more attempts. Returns whether an answer was still waited for. */
    boolean heard(int packetId) {
        return attempts.remove(packetId) != null;
    }
}
