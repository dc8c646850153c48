package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.PacketIdInUseException;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the node may have done already is not done again. */
class OnceOnlyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PayloadType<String> WORDS =
            new PayloadType<>(256, ByteString::toStringUtf8, ByteString::copyFromUtf8);

    private final VirtualEnvironment environment = VirtualEnvironment.create();

    /** The verdict on the first copy is lost with the link; the second copy, with the same id, is refused since the queue is full. */
    @Test
    void a_packet_that_may_be_out_is_not_sent_under_another_id() {
        SimulatedMesh mesh = SimulatedMesh.create();
        try (SimulatedNode near = SimulatedNode.builder()
                        .mesh(mesh)
                        .with(Switch.TX_QUEUE, 1)
                        .with(Switch.AIRTIME, Duration.ofSeconds(5))
                        .start(environment);
                SimulatedNode far = SimulatedNode.builder().mesh(mesh).start(environment);
                LinkRegistry links = environment.registry()) {
            mesh.connect(near, far);
            List<String> heard = new ArrayList<>();
            var unused = links.acquire(far.endpoint(), "listener")
                    .subscribe(
                            PacketFilter.port(WORDS.port()),
                            packet -> heard.add(packet.as(WORDS).orElse("?")));
            Lease bot = links.acquire(near.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            Delivery first = bot.send(OutboundMessage.of(WORDS, "first"));
            environment.advance(Duration.ofSeconds(1));
            near.inject(Fault.close().at(Point.QUEUE_STATUS).times(1));
            Delivery second = bot.send(OutboundMessage.of(WORDS, "second"));
            environment.advance(Duration.ofMinutes(6));

            assertThat(bot.status().generation()).as("%s", environment).isEqualTo(2);
            assertThat(heard).as("%s", environment).containsExactly("first", "second");
            assertThat(first.isDone()).isTrue();
            assertThat(second.stage()).as("%s", second.steps()).isIn(DeliveryStage.ACCEPTED, DeliveryStage.UNKNOWN);
        }
    }

    /** Its verdict is lost, and the board restarts without a word: it remembers no ids, and would obey once more. */
    @Test
    void a_command_is_not_repeated_to_a_console_that_may_have_restarted() {
        try (SimulatedNode node = SimulatedNode.builder()
                        .variant(Variant.serialConsole())
                        .nodes(1)
                        .with(Switch.BOOT_TEXT, false)
                        .with(Switch.REBOOT_ANNOUNCED, false)
                        .with(Switch.REBOOT_TIME, Duration.ofSeconds(2))
                        .start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.consoleEndpoint(), "bot");
            bot.ready().await(PATIENCE);
            environment.advance(Duration.ofSeconds(1));
            NodeId peer = node.peers().get(0).id();
            node.inject(Fault.drop().at(Point.QUEUE_STATUS).times(1));
            AdminMessage order =
                    AdminMessage.newBuilder().setToggleMutedNode(peer.number()).build();
            Delivery delivery =
                    bot.send(OutboundMessage.of(PayloadType.ADMIN, order).to(node.id()));
            environment.advance(Duration.ofSeconds(1));
            node.reboot();
            environment.advance(Duration.ofMinutes(4));

            assertThat(delivery.stage()).as("%s", environment).isEqualTo(DeliveryStage.UNKNOWN);
            assertThat(bot.node().node(peer).map(NodeInfo::getIsMuted)).contains(true);
        }
    }

    /** The node remembers the latest 20 ids, and would swallow it in silence. */
    @Test
    void an_id_that_a_caller_has_used_is_free_again_only_when_the_node_has_forgotten_it() {
        try (SimulatedNode node = SimulatedNode.builder().start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            MeshPacket packet = OutboundMessage.of(WORDS, "words").proto().toBuilder()
                    .setId(42)
                    .build();
            bot.send(packet).reached(DeliveryStage.ACCEPTED).await(PATIENCE);
            environment.advance(PATIENCE);
            assertThatThrownBy(() -> bot.send(packet)).isInstanceOf(PacketIdInUseException.class);

            for (int i = 0; i < 21; i++) {
                bot.send(OutboundMessage.of(WORDS, "other " + i))
                        .reached(DeliveryStage.ACCEPTED)
                        .await(PATIENCE);
            }
            bot.send(packet).reached(DeliveryStage.ACCEPTED).await(PATIENCE);
            assertThat(node.silentDrops().repeatedIds()).isZero();
        }
    }

    /** The word that there is room again is lost, and old firmware answers no heartbeat; the mesh keeps the link from asking otherwise. */
    @Test
    void a_full_queue_of_old_firmware_is_tried_again_before_long() {
        try (SimulatedNode node = SimulatedNode.builder()
                        .firmware(FirmwareProfile.V2_6)
                        .nodes(1)
                        .with(Switch.TX_QUEUE, 1)
                        .with(Switch.AIRTIME, Duration.ofSeconds(3))
                        .start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                deliveries.add(bot.send(OutboundMessage.of(WORDS, "word " + i)));
            }
            environment.advance(Duration.ofSeconds(1));
            node.inject(Fault.drop().at(Point.QUEUE_STATUS).times(1));
            for (int i = 2; i < 4; i++) {
                deliveries.add(bot.send(OutboundMessage.of(WORDS, "word " + i)));
            }
            for (int i = 0; i < 24; i++) {
                node.peers().get(0).says("chatter");
                environment.advance(Duration.ofSeconds(5));
            }
            assertThat(deliveries)
                    .extracting(Delivery::stage)
                    .as("%s", environment)
                    .containsOnly(DeliveryStage.ACCEPTED);
        }
    }
}
