package dev.meshlease.internal.link;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import java.util.ArrayDeque;

/**
 * The link's own harmless question, what firmware and hardware the node has: a node that lives answers. Nobody else sees the answer, which
 * may wait in the node until the next session.
 */
final class SelfInquiry {
    private static final int REMEMBERED = 8;

    private final PacketIds ids;
    private final ArrayDeque<Integer> asked = new ArrayDeque<>();

    SelfInquiry(PacketIds ids) {
        this.ids = ids;
    }

    ToRadio next(NodeId own) {
        if (asked.size() == REMEMBERED) {
            ids.release(asked.remove());
        }
        int id = ids.reserve();
        ids.written(id);
        asked.add(id);
        AdminMessage question =
                AdminMessage.newBuilder().setGetDeviceMetadataRequest(true).build();
        return ToRadio.newBuilder()
                .setPacket(MeshPacket.newBuilder()
                        .setTo(own.number())
                        .setId(id)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.ADMIN_APP)
                                .setWantResponse(true)
                                .setPayload(question.toByteString())))
                .build();
    }

    /** Whether what an answer, a refusal or a verdict names is such a question. */
    boolean isAbout(int id) {
        return asked.contains(id);
    }
}
