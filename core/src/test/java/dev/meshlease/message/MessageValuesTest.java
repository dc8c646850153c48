package dev.meshlease.message;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageValuesTest {
    private static final NodeInfo OWN = NodeInfo.newBuilder()
            .setNum(0x1234)
            .setUser(User.newBuilder().setLongName("own"))
            .build();
    private static final NodeId PEER = NodeId.of("!0000aa01");

    @Property
    void a_node_id_survives_its_text_form(@ForAll int number) {
        assertThat(NodeId.of(new NodeId(number).toString())).isEqualTo(new NodeId(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "aa01", "!0000aa0", "!0000aa011", "0x00aa01", "!0000aag1", " !0000aa01"})
    void what_is_no_node_id_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NodeId.of(text)).withMessageContaining("!a1b2c3d4");
    }

    @Test
    void each_call_on_a_message_gives_a_changed_copy() {
        OutboundMessage first = text("hello");
        OutboundMessage second =
                first.to(PEER).onChannel(2).wantAck().withHopLimit(5).inReplyTo(9);

        assertThat(first.proto().getTo()).isEqualTo(NodeId.BROADCAST.number());
        assertThat(first.wantsAck()).isFalse();
        assertThat(first.hasHopLimit()).isFalse();
        assertThat(second.proto().getTo()).isEqualTo(PEER.number());
        assertThat(second.proto().getChannel()).isEqualTo(2);
        assertThat(second.proto().getHopLimit()).isEqualTo(5);
        assertThat(second.proto().getDecoded().getReplyId()).isEqualTo(9);
        assertThat(second.proto().getDecoded().getPayload().toStringUtf8()).isEqualTo("hello");
    }

    @Test
    void values_out_of_range_are_refused_where_they_are_set() {
        assertThatIllegalArgumentException().isThrownBy(() -> text("x").onChannel(8));
        assertThatIllegalArgumentException().isThrownBy(() -> text("x").withHopLimit(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> text("x").within(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.channel(8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.position(PEER).within(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketFilter.all().capacity(0, Overflow.DROP_OLDEST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PayloadType<>(0, ByteString::toStringUtf8, ByteString::copyFromUtf8));
    }

    @Test
    void an_ack_needs_the_time_that_a_node_takes_to_give_up_in_whatever_order_it_is_said() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text("x").within(Duration.ofSeconds(10)).wantAck())
                .withMessageContaining("21 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text("x").wantAck().within(Duration.ofSeconds(10)));
        assertThat(text("x").wantAck().within(Duration.ofSeconds(25)).deadline())
                .isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void a_reply_goes_where_the_packet_came_from_and_quotes_it() {
        OutboundMessage toSender =
                packet(new NodeId(1), PortNum.TEXT_MESSAGE_APP, "hi").reply("yes");
        OutboundMessage toAll =
                packet(NodeId.BROADCAST, PortNum.TEXT_MESSAGE_APP, "hi").reply("yes");

        assertThat(toSender.proto().getTo()).isEqualTo(PEER.number());
        assertThat(toAll.proto().getTo()).isEqualTo(NodeId.BROADCAST.number());
        assertThat(toAll.proto().getChannel()).isEqualTo(3);
        assertThat(toAll.proto().getDecoded().getReplyId()).isEqualTo(77);
    }

    @Test
    void a_payload_is_read_as_its_type_or_not_at_all() {
        InboundPacket text = packet(new NodeId(1), PortNum.TEXT_MESSAGE_APP, "hi");
        InboundPacket broken = packet(new NodeId(1), PortNum.POSITION_APP, "\u0001\u0002\u0003");

        assertThat(text.text()).isEqualTo("hi");
        assertThat(text.as(PayloadType.POSITION)).isEmpty();
        assertThat(broken.as(PayloadType.POSITION)).isEmpty();
        assertThatThrownBy(broken::text)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("POSITION_APP");
        assertThat(text.toString()).doesNotContain("hi,").contains("TEXT_MESSAGE_APP");
    }

    @Test
    void an_answer_on_another_port_or_that_does_not_parse_is_malformed() {
        Request<Position> request = Request.position(PEER);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.read(packet(new NodeId(1), PortNum.TEXT_MESSAGE_APP, "hi")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.read(packet(new NodeId(1), PortNum.POSITION_APP, "\u0001\u0002\u0003")));
        assertThat(Request.owner().proto(OWN).getTo()).isEqualTo(OWN.getNum());
        assertThat(Request.owner().proto(OWN).getDecoded().getWantResponse()).isTrue();
    }

    @Test
    void whoever_asks_who_a_node_is_introduces_itself() throws Exception {
        MeshPacket question = Request.nodeInfo(PEER).proto(OWN);

        assertThat(question.getTo()).isEqualTo(PEER.number());
        assertThat(User.parseFrom(question.getDecoded().getPayload())).isEqualTo(OWN.getUser());
        assertThat(Request.position(PEER).proto(OWN).getDecoded().getPayload()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Telemetry.VariantCase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VARIANT_NOT_SET"})
    void each_group_of_measurements_can_be_asked_for(Telemetry.VariantCase group) throws Exception {
        Request<Telemetry> request = Request.telemetry(PEER, group);

        ByteString question = request.proto(OWN).getDecoded().getPayload();

        assertThat(Telemetry.parseFrom(question).getVariantCase()).isEqualTo(group);
        assertThat(request.read(telemetry(question)).getVariantCase()).isEqualTo(group);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.read(telemetry(ByteString.EMPTY)))
                .withMessageContaining("VARIANT_NOT_SET instead of " + group);
    }

    @Test
    void no_group_of_measurements_cannot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.telemetry(PEER, Telemetry.VariantCase.VARIANT_NOT_SET));
    }

    private static InboundPacket telemetry(ByteString payload) {
        return new InboundPacket(
                MeshPacket.newBuilder()
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.TELEMETRY_APP)
                                .setPayload(payload))
                        .build(),
                new Reception(new Cursor(1, 1), 1, Instant.EPOCH));
    }

    private static InboundPacket packet(NodeId to, PortNum port, String payload) {
        return new InboundPacket(
                MeshPacket.newBuilder()
                        .setFrom(PEER.number())
                        .setTo(to.number())
                        .setId(77)
                        .setChannel(3)
                        .setDecoded(Data.newBuilder().setPortnum(port).setPayload(ByteString.copyFromUtf8(payload)))
                        .build(),
                new Reception(new Cursor(1, 1), 1, Instant.EPOCH));
    }
}
