package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.MessageTooLongException;
import dev.meshlease.RequestException;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Telemetry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a link can ask its node, and others by way of it. */
class RequestsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(2).start(environment);
    private final LinkRegistry links = environment.registry();
    private final SimulatedPeer peer = node.peers().get(0);
    private Lease bot;

    @BeforeEach
    void connect() {
        bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private <R> R ask(Request<R> question) {
        return bot.request(question).await(PATIENCE);
    }

    private RequestException.Reason refusal(Request<?> question) {
        try {
            throw new AssertionError("answered with " + ask(question));
        } catch (RequestException refused) {
            return refused.reason();
        }
    }

    @Test
    void another_node_says_who_and_where_it_is_and_how_it_is_reached() {
        peer.isAt(48.1, 11.5);
        peer.introducesItself("Peer of the realm", "POR");

        assertThat(ask(Request.nodeInfo(peer.id())).getLongName()).isEqualTo("Peer of the realm");
        assertThat(ask(Request.position(peer.id())).getLatitudeI()).isEqualTo(481_000_000);
        assertThat(ask(Request.traceroute(peer.id())).getRouteList()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Telemetry.VariantCase.class,
            names = {"DEVICE_METRICS", "ENVIRONMENT_METRICS", "LOCAL_STATS"})
    void another_node_tells_its_measurements_of_each_kind_that_it_takes(Telemetry.VariantCase group) {
        assertThat(ask(Request.telemetry(peer.id(), group)).getVariantCase()).isEqualTo(group);
    }

    @ParameterizedTest
    @EnumSource(
            value = Telemetry.VariantCase.class,
            mode = Mode.EXCLUDE,
            names = {"VARIANT_NOT_SET", "DEVICE_METRICS", "ENVIRONMENT_METRICS", "LOCAL_STATS"})
    void and_says_at_once_of_which_it_has_none(Telemetry.VariantCase group) {
        Instant before = environment.now();
        assertThat(refusal(Request.telemetry(peer.id(), group))).isEqualTo(RequestException.Reason.REFUSED);
        assertThat(environment.now()).isBefore(before.plusSeconds(1));
    }

    @Test
    void the_own_node_tells_what_it_is_and_whose() {
        assertThat(ask(Request.metadata()).getFirmwareVersion()).isNotEmpty();
        assertThat(ask(Request.owner()).getId()).isEqualTo(node.id().toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = AdminMessage.ConfigType.class,
            mode = Mode.EXCLUDE,
            names = {"UNRECOGNIZED"})
    void the_own_node_tells_each_section_of_its_configuration(AdminMessage.ConfigType section) {
        assertThat(ask(Request.config(section)).getPayloadVariantCase().getNumber())
                .isEqualTo(section.getNumber() + 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = AdminMessage.ModuleConfigType.class,
            mode = Mode.EXCLUDE, // what firmware 2.7 does not know
            names = {
                "UNRECOGNIZED",
                "STATUSMESSAGE_CONFIG",
                "TRAFFICMANAGEMENT_CONFIG",
                "TAK_CONFIG",
                "MESHBEACON_CONFIG"
            })
    void and_of_that_of_its_modules(AdminMessage.ModuleConfigType section) {
        assertThat(ask(Request.moduleConfig(section)).getPayloadVariantCase().getNumber())
                .isEqualTo(section.getNumber() + 1);
    }

    @Test
    void and_each_channel() {
        for (int index = 0; index < 8; index++) {
            assertThat(ask(Request.channel(index)).getIndex()).isEqualTo(index);
        }
    }

    @Test
    void anything_else_can_be_asked_in_its_own_words() {
        Request<RouteDiscovery> question =
                Request.of(peer.id(), PortNum.TRACEROUTE_APP_VALUE, ByteString.EMPTY, RouteDiscovery::parseFrom);

        assertThat(ask(question).getRouteCount()).isZero();
    }

    @Test
    void a_reply_that_is_suppressed_ends_in_a_timeout() {
        ask(Request.nodeInfo(node.id())); // which it says once in ten minutes

        Instant before = environment.now();
        assertThat(refusal(Request.nodeInfo(node.id()).within(Duration.ofSeconds(40))))
                .isEqualTo(RequestException.Reason.TIMEOUT);
        assertThat(environment.now()).isEqualTo(before.plusSeconds(40));
    }

    @Test
    void what_no_module_answers_ends_at_once_with_its_reason() {
        Request<ByteString> question =
                Request.of(node.id(), PortNum.PRIVATE_APP_VALUE, ByteString.EMPTY, bytes -> bytes);

        Instant before = environment.now();
        assertThatThrownBy(() -> ask(question))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RequestException.Reason.REFUSED))
                .hasMessageContaining("NO_RESPONSE");
        assertThat(environment.now()).isBefore(before.plusSeconds(1));
    }

    @Test
    void what_nobody_hears_ends_with_the_word_of_the_own_node() {
        NodeId nobody = new NodeId(0x0abadcaf);

        Instant before = environment.now();
        assertThatThrownBy(() -> ask(Request.traceroute(nobody)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("MAX_RETRANSMIT");
        assertThat(environment.now()).isBefore(before.plusSeconds(25));
    }

    @Test
    void a_question_that_no_frame_holds_is_refused_before_it_is_sent() {
        Request<ByteString> question =
                Request.of(peer.id(), PortNum.PRIVATE_APP_VALUE, ByteString.copyFrom(new byte[240]), bytes -> bytes);

        assertThatThrownBy(() -> bot.request(question)).isInstanceOf(MessageTooLongException.class);
    }

    @Test
    void a_traceroute_to_everybody_is_refused_since_the_node_would_drop_it_in_silence() {
        OutboundMessage toAll = OutboundMessage.of(PayloadType.TRACEROUTE, RouteDiscovery.getDefaultInstance());

        assertThatThrownBy(() -> bot.send(toAll)).hasMessageContaining("withHopLimit(0)");
        assertThatThrownBy(() -> bot.request(Request.traceroute(NodeId.BROADCAST)))
                .isInstanceOf(IllegalArgumentException.class);

        bot.send(toAll.withHopLimit(0));
        environment.advance(Duration.ofSeconds(1));
        assertThat(node.received()).hasSize(1);
        assertThat(node.silentDrops().rateLimited()).isZero();
    }
}
