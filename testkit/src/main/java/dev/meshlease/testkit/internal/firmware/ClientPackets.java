package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;

/** What the client wants sent: judged, completed and handed on to the air or to the node's own modules. On the node's thread. */
final class ClientPackets {
    private final Firmware firmware;
    private final Router router;

    ClientPackets(Firmware firmware, Router router) {
        this.firmware = firmware;
        this.router = router;
    }

    /** A client wants a packet sent. */
    void take(MeshPacket packet, SendLimits limits) {
        boolean simulated = firmware.is(Switch.SIMULATED_RADIO);
        if (simulated && packet.getDecoded().getPortnum() == PortNum.SIMULATOR_APP) {
            router.simulatedRadio().inject(packet);
            return;
        }
        if (!simulated && limits.isRepeated(packet.getId())) {
            firmware.counters().repeatedIds++;
            return;
        }
        switch (limits.judge(packet, firmware.nanoTime())) {
            case ACCEPTED -> accept(packet);
            case REPORT_TOO_SOON -> refuse(packet);
            case TEXT_TOO_SOON -> {
                refuse(packet);
                tellOfRateLimit(packet);
            }
            case TRACEROUTE_TOO_SOON -> {
                notify(packet, "TraceRoute can only be sent once every 30 seconds");
                refuse(packet);
            }
            case TRACEROUTE_TO_ALL -> {
                notify(packet, "Multi-hop traceroute to broadcast address is not allowed");
                refuse(packet);
            }
        }
    }

    /** The client is told that all is well. */
    private void refuse(MeshPacket packet) {
        firmware.counters().rateLimited++;
        firmware.report(Radio.RES_OK, packet.getId());
    }

    /** The refusal goes to whoever the packet said it was from. If that was nobody, it goes out by radio, to nobody. */
    private void tellOfRateLimit(MeshPacket packet) {
        int own = firmware.state().number();
        if (packet.getFrom() == own || !firmware.is(Switch.REFUSAL_MISDIRECTED)) {
            router.verdict(packet.getId(), Routing.Error.RATE_LIMIT_EXCEEDED);
        } else {
            var unused = router.send(router.fromSelf(
                            packet.getFrom(),
                            Packets.routing(packet.getId(), Routing.Error.RATE_LIMIT_EXCEEDED),
                            MeshPacket.Priority.ACK)
                    .clearHopLimit()
                    .build());
        }
    }

    private void notify(MeshPacket packet, String text) {
        firmware.tell(ClientNotification.newBuilder().setReplyId(packet.getId()).setMessage(text));
    }

    private void accept(MeshPacket packet) {
        int own = firmware.state().number();
        MeshPacket.Builder out = packet.toBuilder()
                .setFrom(own)
                .setNextHop(0)
                .setRelayNode(0)
                .setHopLimit(Packets.hops(packet.getHopLimit()));
        if (packet.getId() == 0) {
            out.setId(firmware.newPacketId());
        }
        if (packet.getTo() == own || Packets.isForAll(packet.getTo())) {
            firmware.state().placed(packet.getDecoded());
        }
        if (packet.getTo() == own) {
            MeshPacket request = raised(out).build();
            firmware.report(Radio.RES_OK, request.getId());
            toSelf(Amendments.in(request, own));
            return;
        }
        if (!Packets.isForAll(packet.getTo())) {
            if (packet.getDecoded().getPortnum() == PortNum.TRACEROUTE_APP) {
                out.setWantAck(true);
            }
            if (packet.getChannel() == 0 && !packet.getPkiEncrypted()) {
                out.setChannel(channelOf(packet.getTo()));
            }
        }
        MeshPacket complete = raised(out).build();
        if (router.sendReported(complete) == Radio.RES_OK) {
            firmware.sent(complete);
        }
    }

    /** What is for the node itself goes to its modules, and gets what another node would get: a reply, or an ack. */
    private void toSelf(MeshPacket request) {
        Reply reply = firmware.modules().reply(request);
        Data data = reply.data();
        if (data != null) {
            MeshPacket answer = toClient(request, data, reply.priority());
            firmware.report(Radio.RES_OK, answer.getId());
            firmware.toPhone(Amendments.in(answer, answer.getFrom()));
            return;
        }
        if (reply.isAcknowledged() && request.getWantAck()) {
            say(request, Routing.Error.NONE);
        }
        if (!reply.isTaken()) {
            say(request, Routing.Error.NO_RESPONSE);
        }
    }

    private void say(MeshPacket request, Routing.Error word) {
        firmware.toPhone(toClient(request, Packets.routing(request.getId(), word), MeshPacket.Priority.ACK));
    }

    private MeshPacket toClient(MeshPacket request, Data data, MeshPacket.Priority priority) {
        return router.fromSelf(request.getFrom(), data, priority)
                .setChannel(request.getChannel())
                .build();
    }

    /** Without hops nobody could acknowledge it. */
    private MeshPacket.Builder raised(MeshPacket.Builder packet) {
        return packet.getWantAck() && packet.getHopLimit() == 0
                ? packet.setHopLimit(firmware.state().lora().getHopLimit())
                : packet;
    }

    /** Where a node was heard last. */
    private int channelOf(int node) {
        return firmware.state().node(node).map(NodeInfo::getChannel).orElse(0);
    }
}
