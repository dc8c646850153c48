package dev.meshlease.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WireTypesTest {

    @Property
    void any_message_survives_the_wire(@ForAll("messages") Message message) throws InvalidProtocolBufferException {
        Message parsed = parse(message, message.toByteArray());

        assertThat(parsed).isEqualTo(message);
        assertThat(parsed.toByteArray()).isEqualTo(message.toByteArray());
    }

    @Property
    void unknown_fields_survive_at_every_depth(@ForAll("messagesFromTheFuture") Message message)
            throws InvalidProtocolBufferException {
        Message parsed = parse(message, message.toByteArray());

        assertThat(parsed.getUnknownFields()).isEqualTo(message.getUnknownFields());
        assertThat(parsed).isEqualTo(message);
        assertThat(parsed.toByteArray()).isEqualTo(message.toByteArray());
    }

    @Property
    void a_message_without_its_type_keeps_every_field(@ForAll("messages") Message message)
            throws InvalidProtocolBufferException {
        UnknownFieldSet raw = UnknownFieldSet.parseFrom(message.toByteArray());

        assertThat(parse(message, raw.toByteArray())).isEqualTo(message);
    }

    @Test
    void a_type_without_described_fields_keeps_what_is_in_it() throws InvalidProtocolBufferException {
        byte[] withContent = {(byte) 0x8a, 0x01, 0x05, 0x10, (byte) 0x99, 0x01, 0x18, 0x1e};

        FromRadio parsed = FromRadio.parseFrom(withContent);

        assertThat(parsed.getDeviceuiConfig().getUnknownFields().asMap()).containsOnlyKeys(2, 3);
        assertThat(parsed.toByteArray()).isEqualTo(withContent);
    }

    @Test
    void a_nonce_of_zero_is_on_the_wire() {
        assertThat(ToRadio.newBuilder().setWantConfigId(0).build().toByteArray())
                .containsExactly(3 << 3, 0);
    }

    @Test
    void a_port_without_a_constant_keeps_its_number() throws InvalidProtocolBufferException {
        Data data = Data.newBuilder().setPortnumValue(300).build();

        Data parsed = Data.parseFrom(data.toByteArray());

        assertThat(parsed.getPortnum()).isEqualTo(PortNum.UNRECOGNIZED);
        assertThat(parsed.getPortnumValue()).isEqualTo(300);
    }

    @Provide
    Arbitrary<Message> messages() {
        return anyMessage(false);
    }

    @Provide
    Arbitrary<Message> messagesFromTheFuture() {
        return anyMessage(true);
    }

    private static Arbitrary<Message> anyMessage(boolean withUnknownFields) {
        return Arbitraries.of(WireTypes.MESSAGES.keySet().stream().sorted().toList())
                .flatMap(name -> Arbitraries.randomValue(
                        random -> new RandomMessages(random, withUnknownFields).of(WireTypes.MESSAGES.get(name))));
    }

    private static Message parse(Message like, byte[] bytes) throws InvalidProtocolBufferException {
        return like.getParserForType().parseFrom(bytes);
    }
}
