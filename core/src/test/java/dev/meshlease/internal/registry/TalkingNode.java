package dev.meshlease.internal.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that tells who it is, and then what a test says. It takes every packet, acknowledges it, and answers a question by repeating it. */
final class TalkingNode implements Transport, Target, ByteLink {
    private static final int OWN_NUMBER = 1;

    volatile Loop loop;
    volatile ByteLinkListener events;

    /** What closing it comes to. */
    volatile Runnable ending = () -> loop.execute(() -> events.closed(Loss.of(Loss.Kind.CLOSED, "closed")));

    void says(String text) {
        says(2, 5, text);
    }

    void says(int sender, int id, String text) {
        tell(FromRadio.newBuilder()
                .setPacket(MeshPacket.newBuilder()
                        .setFrom(sender)
                        .setTo(-1)
                        .setId(id)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.TEXT_MESSAGE_APP)
                                .setPayload(ByteString.copyFromUtf8(text)))));
    }

    private void tell(FromRadio.Builder message) {
        ByteBuffer bytes = FrameEncoder.encode(message.build());
        loop.execute(() -> events.received(bytes));
    }

    @Override
    public int write(ByteBuffer bytes) {
        int length = bytes.remaining();
        byte[] payload = new byte[length - 4];
        bytes.position(bytes.position() + 4).get(payload);
        try {
            ToRadio message = ToRadio.parseFrom(payload);
            if (message.hasWantConfigId()) {
                tell(FromRadio.newBuilder().setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(OWN_NUMBER)));
                tell(FromRadio.newBuilder().setConfigCompleteId(message.getWantConfigId()));
            } else if (message.hasPacket()) {
                takes(message.getPacket());
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
        return length;
    }

    private void takes(MeshPacket packet) {
        tell(FromRadio.newBuilder()
                .setQueueStatus(
                        QueueStatus.newBuilder().setFree(16).setMaxlen(16).setMeshPacketId(packet.getId())));
        Data.Builder answer = Data.newBuilder().setRequestId(packet.getId());
        if (packet.getDecoded().getWantResponse()) {
            answers(
                    packet,
                    answer.setPortnumValue(packet.getDecoded().getPortnumValue())
                            .setPayload(packet.getDecoded().getPayload()));
        } else if (packet.getWantAck()) {
            answers(
                    packet,
                    answer.setPortnum(PortNum.ROUTING_APP)
                            .setPayload(Routing.newBuilder()
                                    .setErrorReason(Routing.Error.NONE)
                                    .build()
                                    .toByteString()));
        }
    }

    private void answers(MeshPacket packet, Data.Builder answer) {
        tell(FromRadio.newBuilder()
                .setPacket(MeshPacket.newBuilder()
                        .setFrom(packet.getTo())
                        .setTo(OWN_NUMBER)
                        .setId(packet.getId() + 1)
                        .setDecoded(answer)));
    }

    @Override
    public void close() {
        ending.run();
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
        permit.redeem(keys());
        this.loop = loop;
        this.events = events;
        loop.execute(events::opened);
        return this;
    }

    @Override
    public Set<LinkKey> keys() {
        return Set.of(new LinkKey("node", "here"));
    }

    @Override
    public String scheme() {
        return "node";
    }

    @Override
    public String check(String address) {
        return address;
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        return CompletableFuture.completedFuture(this);
    }
}
