package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.node.FirmwareProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a link asks of its own accord, to learn whether a node lives, is no surprise in a strict test. */
class SignOfLifeTest {
    private static final AdminMessage QUESTION =
            AdminMessage.newBuilder().setGetDeviceMetadataRequest(true).build();

    @Test
    void a_links_question_to_old_firmware_surprises_nobody() {
        VirtualEnvironment environment = VirtualEnvironment.create(1);
        try (SimulatedNode node =
                        SimulatedNode.builder().firmware(FirmwareProfile.V2_6).start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(Duration.ofSeconds(30));
            environment.advance(Duration.ofMinutes(2));

            assertThat(node.received())
                    .isNotEmpty()
                    .allMatch(packet -> packet.getDecoded().getPayload().equals(QUESTION.toByteString()));
            assertThat(node.unclaimed()).isEmpty();
            assertThat(node.offences()).isEmpty();
        }
    }

    @Test
    void the_same_question_to_another_node_is_a_surprise() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.ready();
        NodeId own = bench.node.id();
        client.sent(Bench.asking(Bench.packet(own.number(), 1, PortNum.ADMIN_APP, QUESTION.toByteString())));
        client.sent(Bench.asking(Bench.packet(0x0c0ffee0, 2, PortNum.ADMIN_APP, QUESTION.toByteString())));
        client.sent(Bench.asking(Bench.packet(
                own.number(),
                3,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder().setRebootSeconds(60).build().toByteString())));

        assertThat(bench.node.unclaimed()).extracting(MeshPacket::getId).containsExactly(2, 3);
    }
}
