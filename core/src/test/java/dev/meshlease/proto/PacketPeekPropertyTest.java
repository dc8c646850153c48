package dev.meshlease.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.internal.frame.PacketPeek;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PacketPeekPropertyTest {
    private final PacketPeek peek = new PacketPeek();

    private static FromRadio message(Random random) {
        MeshPacket packet = (MeshPacket) new RandomMessages(random, false).of(MeshPacket.getDescriptor());
        return FromRadio.newBuilder().setId(random.nextInt()).setPacket(packet).build();
    }

    private void agrees(byte[] bytes, int offset, int length) throws InvalidProtocolBufferException {
        if (!peek.read(bytes, offset, length)) {
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
        assertThat(peek.requestId()).isEqualTo(packet.getDecoded().getRequestId());
        assertThat(peek.replyId()).isEqualTo(packet.getDecoded().getReplyId());
    }

    @Property
    void vouches_for_a_packet_of_known_fields_and_agrees_with_its_parse(@ForAll long seed) throws Exception {
        byte[] bytes = message(new Random(seed)).toByteArray();

        assertThat(peek.read(bytes, 0, bytes.length)).isTrue();
        agrees(bytes, 0, bytes.length);
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

    @Property
    void agrees_with_the_parse_of_any_bytes(@ForAll byte[] bytes) throws Exception {
        agrees(bytes, 0, bytes.length);
    }
}
