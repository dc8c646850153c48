package dev.meshlease.examples.benchmarks.fanout;

import static dev.meshlease.message.PacketFilter.broadcast;
import static dev.meshlease.message.PacketFilter.channel;
import static dev.meshlease.message.PacketFilter.direct;
import static dev.meshlease.message.PacketFilter.from;
import static dev.meshlease.message.PacketFilter.port;
import static dev.meshlease.message.PacketFilter.replyTo;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.examples.benchmarks.harness.Allocation;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Every packet is judged for every subscription, so that must leave nothing behind. */
class FilterGarbageTest {
    private static final int JUDGEMENTS = 200_000;

    @Test
    void filtering_costs_no_allocation() {
        PacketFilter filter = texts().and(direct().or(channel(3).and(broadcast())))
                .and(from(new NodeId(7)).not())
                .or(to(NodeId.BROADCAST).and(replyTo(9)).and(port(256).not()));
        InboundPacket packet = new InboundPacket(
                MeshPacket.newBuilder()
                        .setFrom(8)
                        .setTo(NodeId.BROADCAST.number())
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.TEXT_MESSAGE_APP)
                                .setReplyId(9))
                        .build(),
                new Reception(new Cursor(1, 1), 1, Instant.EPOCH));
        int passed = judged(filter, packet);

        Allocation allocation = Allocation.ofThisThread();
        passed += judged(filter, packet);
        long allocated = allocation.bytes();

        assertThat(passed).isEqualTo(2 * JUDGEMENTS);
        assertThat(allocated).as("less than a byte for each judgement").isLessThan(JUDGEMENTS);
    }

    private static int judged(PacketFilter filter, InboundPacket packet) {
        int passed = 0;
        for (int i = 0; i < JUDGEMENTS; i++) {
            passed += filter.mayMatch(packet) && filter.matches(packet) ? 1 : 0;
        }
        return passed;
    }
}
