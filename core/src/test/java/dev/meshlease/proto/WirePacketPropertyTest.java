package dev.meshlease.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.WirePacket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WirePacketPropertyTest {
    @Property
    void is_the_same_whether_there_as_bytes_or_as_a_message(@ForAll long seed) {
        MeshPacket packet = (MeshPacket) new RandomMessages(new Random(seed), false).of(MeshPacket.getDescriptor());
        byte[] bytes = packet.toByteArray();

        WirePacket unparsed =
                new WirePacket.Reader().read(bytes, 0, bytes.length).orElseThrow();
        Arrays.fill(bytes, (byte) -1); // It has a copy.

        WirePacket parsed = WirePacket.of(packet);
        assertThat(header(unparsed)).isEqualTo(header(parsed));
        assertThat(unparsed.proto()).isEqualTo(packet).isSameAs(unparsed.proto());
        assertThat(unparsed).isEqualTo(parsed).hasSameHashCodeAs(parsed).hasToString(parsed.toString());
    }

    @Test
    void what_is_no_packet_is_refused() {
        assertThat(new WirePacket.Reader().read(new byte[] {0, 0, 0}, 0, 3)).isEmpty();
        assertThatThrownBy(() -> new WirePacket.Reader().read(new byte[3], 2, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static List<Object> header(WirePacket packet) {
        return List.of(
                packet.size(),
                packet.from(),
                packet.to(),
                packet.id(),
                packet.channel(),
                packet.rxTime(),
                packet.rxSnr(),
                packet.hopLimit(),
                packet.hopStart(),
                packet.isViaMqtt(),
                packet.port(),
                packet.requestId(),
                packet.replyId());
    }
}
