package dev.meshlease.internal.link;

import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryStep;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;

/** The link's own commit of an edit that its holder left open. It goes even when the link is about to close. */
final class LastCommit extends Shipment {
    private final PacketIds ids;

    LastCommit(PacketIds ids, long lease, long deadlineNanos) {
        super(ids.reserve(), lease, PortNum.ADMIN_APP_VALUE, true, false, deadlineNanos);
        this.ids = ids;
    }

    @Override
    boolean isFarewell() {
        return true;
    }

    @Override
    protected int priority() {
        return MeshPacket.Priority.MAX_VALUE;
    }

    @Override
    protected MeshPacket compose(NodeSnapshot node) {
        AdminMessage commit =
                AdminMessage.newBuilder().setCommitEditSettings(true).build();
        return MeshPacket.newBuilder()
                .setTo(node.id().number())
                .setId(id())
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.ADMIN_APP)
                        .setWantResponse(true)
                        .setPayload(commit.toByteString()))
                .build();
    }

    @Override
    protected void onStep(DeliveryStep step) {
        // What came of it is looked at when it has ended.
    }

    @Override
    protected void onAcknowledged(Acknowledgement acknowledgement) {
        // As above.
    }

    @Override
    protected void onAnswer(InboundPacket answer) {
        throw new IllegalStateException("A commit asks for no answer");
    }

    @Override
    protected void onEnd() {
        ids.release(id());
    }
}
