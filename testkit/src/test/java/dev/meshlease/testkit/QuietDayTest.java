package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Watch;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Days on which nobody says a word: no false alarm, and no node finds its client idle, which all do here after 15 minutes. */
class QuietDayTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final LinkRegistry links = environment.registry();
    private final List<LinkState> states = new ArrayList<>();
    private final AtomicInteger packets = new AtomicInteger();
    private SimulatedNode node;

    private SimulatedNode start(FirmwareProfile firmware, Variant variant) {
        node = SimulatedNode.builder()
                .variant(variant)
                .firmware(firmware)
                .nodes(3)
                .with(Switch.OWN_TELEMETRY, false)
                .with(Switch.IDLE_TIMEOUT, Duration.ofMinutes(15))
                .start(environment);
        return node;
    }

    private Lease connect(Endpoint endpoint) {
        Lease bot = links.acquire(endpoint, "bot");
        bot.watch(Watch.status(), (LinkStatus status) -> states.add(status.state()));
        bot.ready().await(Duration.ofSeconds(30));
        return bot;
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private void assertQuietDay(Lease bot) {
        bot.subscribe(PacketFilter.all(), packet -> packets.incrementAndGet());
        environment.advance(DAY);

        assertThat(states).containsExactly(LinkState.CONNECTING, LinkState.HANDSHAKING, LinkState.READY);
        assertThat(bot.status().losses()).as("%s", environment).isEmpty();
        assertThat(bot.status().generation()).isOne();
        assertThat(packets).as("the link's own questions are nobody's business").hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void on_the_network(FirmwareProfile firmware) {
        assertQuietDay(connect(start(firmware, Variant.standard()).endpoint()));
        assertThat(node.accepted()).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void at_a_serial_console(FirmwareProfile firmware) {
        assertQuietDay(connect(start(firmware, Variant.serialConsole()).consoleEndpoint()));
    }

    @ParameterizedTest
    @EnumSource
    void at_a_node_that_is_managed_and_passes_over_questions(FirmwareProfile firmware) {
        Lease bot = connect(start(firmware, Variant.serialConsole()).consoleEndpoint());
        AdminMessage order = AdminMessage.newBuilder()
                .setSetConfig(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.newBuilder()
                                .setIsManaged(true)
                                .setSerialEnabled(true)
                                .addAdminKey(ByteString.copyFrom(new byte[32]))))
                .build();
        bot.send(MeshPacket.newBuilder()
                .setTo(node.id().number())
                .setDecoded(Data.newBuilder().setPortnum(PortNum.ADMIN_APP).setPayload(order.toByteString()))
                .build());
        environment.advance(Duration.ofSeconds(1));

        assertQuietDay(bot);
    }
}
