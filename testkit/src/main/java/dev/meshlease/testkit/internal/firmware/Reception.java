package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import java.util.OptionalInt;

/** What the node does with what it hears. On the node's thread. */
final class Reception {
    /*
     * A packet is new or has been heard before, by sender and id. A new one is learned from, kept for the client if it is for this node or
     * for all, answered, and repeated. One heard before is none of the client's business; but from its origin itself it means that no
     * answer got there, so it is acknowledged or repeated again. A packet of the node's own is its implicit ack.
     *
     * Firmware leaves out a repetition of its own once it has heard another node's. Here it does not: which nodes a packet reaches would
     * hang on chance.
     */
    /** How many hops more than the way here an answer may take. */
    private static final int SPARE_HOPS = 2;

    private final Firmware firmware;
    private final Router router;
    private final SeenPackets seen = new SeenPackets();

    Reception(Firmware firmware, Router router) {
        this.firmware = firmware;
        this.router = router;
    }

    /** A transmission of another node, which this one may or may not be able to read. */
    void receive(Transmission transmission, float snr) {
        MeshPacket onAir = transmission.packet();
        MeshPacket.Builder packet = Packets.heard(onAir, snr, firmware.epochSeconds());
        boolean readable;
        if (onAir.getPkiEncrypted()) {
            readable = onAir.getTo() == number() && firmware.state().hasKeyOf(onAir.getFrom());
            packet.setPublicKey(firmware.state().keyOf(onAir.getFrom()));
        } else {
            OptionalInt slot = router.channels().slotOf(transmission.channel());
            readable = slot.isPresent();
            packet.setChannel(slot.orElse(0));
        }
        hear(new Transmission(packet.build(), transmission.channel()), readable);
    }

    /** A packet that the node can read, as it comes from a radio. */
    void hear(MeshPacket packet) {
        hear(new Transmission(packet, router.channels().key(packet.getChannel())), true);
    }

    private void hear(Transmission heard, boolean readable) {
        int from = heard.packet().getFrom();
        if (from == number() || from == 0) {
            if (router.radio().heard(heard.packet().getId())) {
                router.verdict(heard.packet().getId(), Routing.Error.NONE);
            }
            return;
        }
        if (isIgnored(from)) {
            return;
        }
        MeshPacket packet = readable ? Amendments.in(heard.packet(), number()) : heard.packet();
        boolean isNew = seen.add(packet);
        if (isNew || Packets.isFirstHand(packet)) {
            if (!readable) {
                refuse(packet);
            } else if (isNew) {
                take(packet);
            } else {
                acknowledge(packet);
            }
            relay(packet, heard.channel());
        }
    }

    private boolean isIgnored(int node) {
        return firmware.state().node(node).filter(NodeInfo::getIsIgnored).isPresent();
    }

    private int number() {
        return firmware.state().number();
    }

    private boolean isForUs(MeshPacket packet) {
        return packet.getTo() == number();
    }

    private void take(MeshPacket packet) {
        firmware.state().heard(packet);
        if (!isForUs(packet) && !Packets.isForAll(packet.getTo())) {
            return;
        }
        if (isForUs(packet) && packet.getDecoded().getRequestId() != 0) {
            var unused = router.radio().heard(packet.getDecoded().getRequestId());
        }
        firmware.toPhone(packet);
        Reply reply = firmware.modules().reply(packet);
        Data data = reply.data();
        if (data != null) {
            var unused = router.sendReported(router.fromSelf(packet.getFrom(), data, reply.priority())
                    .setChannel(packet.getChannel())
                    .setHopLimit(answerHops(packet))
                    .build());
            return; // which is the ack, too
        }
        if (reply.isAcknowledged()) {
            acknowledge(packet);
        }
        if (!reply.isTaken() && isForUs(packet)) {
            say(packet, Routing.Error.NO_RESPONSE, answerHops(packet), false);
        }
    }

    /** The ack of a text wants one itself. Answers are acknowledged only to a neighbour: the others have heard them repeated. */
    private void acknowledge(MeshPacket packet) {
        Data data = packet.getDecoded();
        boolean isText = data.getPortnum() == PortNum.TEXT_MESSAGE_APP;
        if (isText || data.getRequestId() == 0) {
            tell(packet, Routing.Error.NONE, answerHops(packet), isText);
        } else if (Packets.isFirstHand(packet)) {
            tell(packet, Routing.Error.NONE, 0, false);
        }
    }

    private void refuse(MeshPacket packet) {
        Routing.Error reason = packet.getPkiEncrypted() ? Routing.Error.PKI_UNKNOWN_PUBKEY : Routing.Error.NO_CHANNEL;
        tell(packet, reason, answerHops(packet), false);
    }

    /** Tells the sender what became of its packet, if that wants to know. */
    private void tell(MeshPacket packet, Routing.Error word, int hops, boolean wantAck) {
        if (isForUs(packet) && packet.getWantAck()) {
            say(packet, word, hops, wantAck);
        }
    }

    private void say(MeshPacket packet, Routing.Error word, int hops, boolean wantAck) {
        Data data = Packets.routing(packet.getId(), word);
        var unused = router.send(router.fromSelf(packet.getFrom(), data, MeshPacket.Priority.ACK)
                .setChannel(packet.getChannel())
                .setHopLimit(hops)
                .setWantAck(wantAck)
                .build());
    }

    private int answerHops(MeshPacket packet) {
        int usual = firmware.state().lora().getHopLimit();
        if (!Packets.tellsHopsUsed(packet)) {
            return usual;
        }
        int used = Packets.hopsUsed(packet);
        return Packets.hops(used > usual ? used : Math.min(used + SPARE_HOPS, usual));
    }

    private void relay(MeshPacket packet, ChannelKey channel) {
        if (packet.getHopLimit() != 0
                && packet.getId() != 0
                && !isForUs(packet)
                && Packets.isByRadio(packet.getTo())
                && firmware.state().relays()) {
            router.relay(new Transmission(packet, channel));
        }
    }
}
