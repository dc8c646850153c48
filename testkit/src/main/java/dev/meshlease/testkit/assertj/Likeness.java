package dev.meshlease.testkit.assertj;

import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import java.util.function.Predicate;

/** Whether a packet is a message as a client has sent it. What the message does not say is left to the client and its link. */
record Likeness(OutboundMessage message) implements Predicate<MeshPacket> {
    @Override
    public boolean test(MeshPacket packet) {
        MeshPacket wanted = message.proto();
        return packet.getTo() == wanted.getTo()
                && packet.getChannel() == wanted.getChannel()
                && (!wanted.getWantAck() || packet.getWantAck())
                && (wanted.getId() == 0 || packet.getId() == wanted.getId())
                && (wanted.getPriorityValue() == 0 || packet.getPriorityValue() == wanted.getPriorityValue())
                && (!message.hasHopLimit() || packet.getHopLimit() == wanted.getHopLimit())
                && isSame(wanted.getDecoded(), packet.getDecoded());
    }

    private static boolean isSame(Data wanted, Data data) {
        return data.getPortnumValue() == wanted.getPortnumValue()
                && data.getPayload().equals(wanted.getPayload())
                && (!wanted.getWantResponse() || data.getWantResponse())
                && (wanted.getReplyId() == 0 || data.getReplyId() == wanted.getReplyId())
                && (wanted.getRequestId() == 0 || data.getRequestId() == wanted.getRequestId());
    }
}
