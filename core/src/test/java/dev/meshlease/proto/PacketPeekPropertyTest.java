package dev.meshlease.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.internal.frame.PacketPeek;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PacketPeekPropertyTest {
    private final PacketPeek peek = new PacketPeek();

    private static FromRadio message(Random random) {
        MeshPacket packet = (MeshPacket) new RandomMessages(random, false).of(MeshPacket.getDescriptor());
        return FromRadio.newBuilder().setId(random.nextInt()).setPacket(packet).build();
    }

    private boolean peeks(byte[] bytes, int offset, int length) {
        return peek.find(bytes, offset, length) && peek.read(bytes, peek.start(), peek.length());
    }

    private void agrees(byte[] bytes, int offset, int length) throws InvalidProtocolBufferException {
        if (!peeks(bytes, offset, length)) {
            return;
        }
        FromRadio parsed = FromRadio.parser().parseFrom(bytes, offset, length);
        assertThat(parsed.hasPacket()).isTrue();
        MeshPacket packet = parsed.getPacket();
        assertThat(new int[] {peek.from(), peek.to(), peek.id(), peek.channel(), peek.port()})
                .containsExactly(
                        packet.getFrom(),
                        packet.getTo(),
                        packet.getId(),
                        packet.getChannel(),
                        packet.hasDecoded() ? packet.getDecoded().getPortnumValue() : -1);
        assertThat(new Object[] {peek.rxTime(), peek.rxSnr(), peek.hopLimit(), peek.hopStart(), peek.isViaMqtt()})
                .containsExactly(
                        packet.getRxTime(),
                        packet.getRxSnr(),
                        packet.getHopLimit(),
                        packet.getHopStart(),
                        packet.getViaMqtt());
        assertThat(MeshPacket.parser().parseFrom(bytes, peek.start(), peek.length()))
                .isEqualTo(packet);
        assertThat(peek.requestId()).isEqualTo(packet.getDecoded().getRequestId());
        assertThat(peek.replyId()).isEqualTo(packet.getDecoded().getReplyId());
    }

    @Property
    void vouches_for_a_packet_of_known_fields_and_agrees_with_its_parse(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] message = message(random).toByteArray();
        int offset = random.nextInt(20);
        byte[] bytes = new byte[offset + message.length + random.nextInt(20)];
        System.arraycopy(message, 0, bytes, offset, message.length);

        assertThat(peeks(bytes, offset, message.length)).isTrue();
        agrees(bytes, offset, message.length);
    }

    @Property
    void agrees_with_the_parse_where_fields_are_unknown(@ForAll long seed) throws Exception {
        byte[] bytes = new RandomMessages(new Random(seed), true)
                .of(FromRadio.getDescriptor())
                .toByteArray();

        agrees(bytes, 0, bytes.length);
    }

    @Property
    void never_vouches_for_damage_that_the_parse_refuses(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] bytes = message(random).toByteArray();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int offset = random.nextInt(3) == 0 ? random.nextInt(bytes.length) : 0;
        agrees(bytes, offset, random.nextInt(bytes.length - offset + 1));
    }

    /** As a sender may do it who writes a field twice, or sends a message in parts. */
    @Property
    void agrees_with_the_parse_of_messages_joined(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] one = part(random);
        byte[] other = part(random);
        byte[] packet = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, packet, one.length, other.length);
        byte[] bytes = UnknownFieldSet.newBuilder()
                .addField(
                        FromRadio.PACKET_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(packet))
                                .build())
                .build()
                .toByteArray();

        agrees(bytes, 0, bytes.length);
    }

    private static byte[] part(Random random) {
        return new RandomMessages(random, random.nextBoolean())
                .of(MeshPacket.getDescriptor())
                .toByteArray();
    }

    @Property
    void agrees_with_the_parse_of_any_bytes(@ForAll byte[] bytes) throws Exception {
        agrees(bytes, 0, bytes.length);
    }
}
