package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;

/**
 * Where packets go: those of the client and of the node's modules to the air, and what is heard there to the client. On the node's thread.
 *
 * <p>A packet of the client or of a module gets a queue status when it is handed to the radio; an ack of the router's own does not.
 */
final class Router {
    private final Firmware firmware;
    private final Channels channels;
    private final Radio radio;
    private final Introduction introduction;
    private final Reception reception;
    private final SimulatedRadio simulatedRadio;
    private final ClientPackets client;

    Router(Firmware firmware, NodeHost host) {
        this.firmware = firmware;
        channels = new Channels(firmware.state());
        radio = new Radio(firmware, this);
        introduction = new Introduction(firmware, this);
        reception = new Reception(firmware, this);
        simulatedRadio = new SimulatedRadio(host, reception::hear);
        client = new ClientPackets(firmware, this);
    }

    Radio radio() {
        return radio;
    }

    ClientPackets client() {
        return client;
    }

    Channels channels() {
        return channels;
    }

    Introduction introduction() {
        return introduction;
    }

    SimulatedRadio simulatedRadio() {
        return simulatedRadio;
    }

    /** Sends a packet of the client or of a module, and has a queue status say so. */
    int sendReported(MeshPacket packet) {
        int res = send(packet);
        firmware.report(res, packet.getId());
        return res;
    }

    /** Sends a packet of the node's own. What stands in its way is told to the client, like any verdict. */
    int send(MeshPacket packet) {
        Transmission transmission = onAir(packet);
        Routing.Error obstacle = obstacle(transmission);
        if (obstacle != Routing.Error.NONE) {
            verdict(packet.getId(), obstacle);
            return obstacle.getNumber();
        }
        return radio.send(transmission, packet.getWantAck());
    }

    private Transmission onAir(MeshPacket packet) {
        MeshPacket.Builder out = packet.toBuilder()
                .setPriorityValue(Packets.priority(packet))
                .setHopStart(packet.getHopLimit())
                .setRelayNode(Packets.lastByte(packet.getFrom()))
                .setWantAck(packet.getWantAck() && !Packets.isForAll(packet.getTo()))
                .setPkiEncrypted(isForOneKey(packet));
        if (packet.hasDecoded()) {
            out.getDecodedBuilder().setBitfield(bitfield(packet.getDecoded()));
        }
        return new Transmission(out.build(), channels.key(packet.getChannel()));
    }

    private int bitfield(Data data) {
        int okToMqtt = firmware.state().lora().getConfigOkToMqtt() ? 1 : 0;
        return data.getWantResponse() ? okToMqtt | 2 : okToMqtt;
    }

    /** A node with a key of its own encrypts what is for one other node with that node's key. The simulated radio does not. */
    private boolean isForOneKey(MeshPacket packet) {
        return packet.hasDecoded()
                && !firmware.is(Switch.SIMULATED_RADIO)
                && !Packets.isForAll(packet.getTo())
                && Packets.isPrivate(packet.getDecoded())
                && firmware.state().publicKey().size() == NodeState.KEY_BYTES;
    }

    private Routing.Error obstacle(Transmission transmission) {
        MeshPacket packet = transmission.packet();
        if (packet.getPkiEncrypted()) {
            if (!firmware.state().hasKeyOf(packet.getTo())) {
                return Routing.Error.PKI_SEND_FAIL_PUBLIC_KEY;
            }
            if (!packet.getPublicKey().isEmpty()
                    && !packet.getPublicKey().equals(firmware.state().keyOf(packet.getTo()))) {
                return Routing.Error.PKI_FAILED;
            }
        } else if (!channels.isUsable(packet.getChannel())) {
            return Routing.Error.NO_CHANNEL;
        }
        return transmission.isTooLarge() ? Routing.Error.TOO_LARGE : Routing.Error.NONE;
    }

    /** A packet of the node's own making. */
    MeshPacket.Builder fromSelf(int to, Data data, MeshPacket.Priority priority) {
        return MeshPacket.newBuilder()
                .setFrom(firmware.state().number())
                .setTo(to)
                .setId(firmware.newPacketId())
                .setHopLimit(firmware.state().lora().getHopLimit())
                .setPriority(priority)
                .setDecoded(data);
    }

    /** The node's own word on a packet of its own: implicit ack, or why it failed. */
    void verdict(int packetId, Routing.Error error) {
        firmware.toPhone(fromSelf(firmware.state().number(), Packets.routing(packetId, error), MeshPacket.Priority.ACK)
                .clearHopLimit()
                .build());
    }

    /** A transmission has started. */
    void started(Transmission transmission) {
        MeshPacket packet = transmission.packet();
        if (firmware.is(Switch.SIMULATED_RADIO)) {
            firmware.report(Radio.RES_OK, packet.getId());
            firmware.toPhone(SimulatedRadio.echo(packet));
        }
        if (firmware.phone().wasToldOfNoRoom()) {
            firmware.report(Radio.RES_OK, 0);
        }
    }

    /** A transmission is over, and has been heard. */
    void transmitted(Transmission transmission) {
        firmware.air().carry(transmission);
    }

    /** Repeats what was heard from another node, one hop poorer; not where nobody could hear it. */
    void relay(Transmission heard) {
        if (firmware.air().hasFarListeners() || firmware.is(Switch.SIMULATED_RADIO)) {
            MeshPacket packet = heard.packet();
            radio.relay(new Transmission(
                    packet.toBuilder()
                            .setPriorityValue(Packets.priority(packet))
                            .setHopLimit(Packets.hops(packet.getHopLimit()) - 1)
                            .setRelayNode(Packets.lastByte(firmware.state().number()))
                            .setNextHop(0)
                            .build(),
                    heard.channel()));
        }
    }

    /** The node hears a packet that it can read. */
    void hear(MeshPacket packet) {
        reception.hear(packet);
    }

    /** The node hears another one. */
    void receive(Transmission transmission, float snr) {
        reception.receive(transmission, snr);
    }
}
