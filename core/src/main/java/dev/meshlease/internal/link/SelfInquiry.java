package dev.meshlease.internal.link;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;

/**
 * The link's own harmless question, what firmware and hardware the node has: a node that lives answers. Nobody else sees the answer, which
 * may wait in the node until the next session.
 */
final class SelfInquiry {
    private final Audience ids;
    private int lastId;

    SelfInquiry(Audience ids) {
        this.ids = ids;
    }

    ToRadio next(NodeId own) {
        if (lastId != 0) {
            ids.releasePacketId(lastId);
        }
        lastId = ids.reservePacketId();
        AdminMessage question =
                AdminMessage.newBuilder().setGetDeviceMetadataRequest(true).build();
        return ToRadio.newBuilder()
                .setPacket(MeshPacket.newBuilder()
                        .setTo(own.number())
                        .setId(lastId)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.ADMIN_APP)
                                .setWantResponse(true)
                                .setPayload(question.toByteString())))
                .build();
    }

    /** Whether this is the answer, or the refusal of one. */
    boolean isAnswer(MeshPacket packet) {
        return lastId != 0 && packet.getDecoded().getRequestId() == lastId;
    }
}
