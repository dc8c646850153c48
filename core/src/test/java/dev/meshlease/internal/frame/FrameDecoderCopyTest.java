package dev.meshlease.internal.frame;

import static dev.meshlease.internal.frame.Bytes.direct;
import static dev.meshlease.internal.frame.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Which array a frame is handed out in: the fed one, unless the frame was split over two feeds. */
class FrameDecoderCopyTest {
    private final Collector collector = Collector.of(payload -> payload.length <= 2);
    private final FrameDecoder decoder = new FrameDecoder(collector);

    @Test
    void a_whole_frame_is_handed_out_in_the_fed_array() {
        byte[] array = hex("FF 94 C3 00 01 07 94 C3 00 00 FF 94 C3 00 02 18 2D");
        decoder.feed(ByteBuffer.wrap(array).position(1).slice());
        assertThat(collector.payloads).containsExactly("07", "", "182d");
        assertThat(collector.arrays).allSatisfy(each -> assertThat(each).isSameAs(array));
    }

    @Test
    void only_a_split_frame_is_copied() {
        byte[] first = hex("94 C3 00 01 07 94 C3");
        byte[] second = hex("00 02 18 2D 94 C3 00 01 08");
        decoder.feed(ByteBuffer.wrap(first));
        decoder.feed(ByteBuffer.wrap(second));
        assertThat(collector.payloads).containsExactly("07", "182d", "08");
        assertThat(collector.arrays.get(0)).isSameAs(first);
        assertThat(collector.arrays.get(1)).isNotSameAs(first).isNotSameAs(second);
        assertThat(collector.arrays.get(2)).isSameAs(second);
    }

    @Test
    void a_frame_behind_a_false_start_of_the_feed_before_is_not_copied() {
        byte[] second = hex("94 C3 00 02 18 2D");
        decoder.feed(ByteBuffer.wrap(hex("94")));
        decoder.feed(ByteBuffer.wrap(second));
        assertThat(collector.arrays)
                .hasSize(1)
                .allSatisfy(each -> assertThat(each).isSameAs(second));
    }

    @Test
    void a_frame_inside_a_false_frame_is_copied_only_if_it_is_split_itself() {
        byte[] second = hex("07 94 C3 00 02 18 2D 00");
        decoder.feed(ByteBuffer.wrap(hex("94 C3 00 0C 94 C3 00 01")));
        decoder.feed(ByteBuffer.wrap(second));
        assertThat(collector.payloads).containsExactly("07", "182d");
        assertThat(collector.arrays.get(0)).isNotSameAs(second);
        assertThat(collector.arrays.get(1)).isSameAs(second);
    }

    @Test
    void a_buffer_that_may_not_be_written_to_is_not_handed_out() {
        byte[] array = hex("94 C3 00 02 18 2D");
        decoder.feed(ByteBuffer.wrap(array).asReadOnlyBuffer());
        decoder.feed(direct(array));
        assertThat(collector.payloads).containsExactly("182d", "182d");
        assertThat(collector.arrays).noneSatisfy(each -> assertThat(each).isSameAs(array));
    }
}
