package dev.meshlease.internal.frame;

import static dev.meshlease.internal.frame.Bytes.direct;
import static dev.meshlease.internal.frame.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Sinks that throw, and sinks that reach back into the decoder. */
class FrameDecoderSinkTest {
    private final Collector collector = Collector.of(payload -> payload.length <= 2);
    private final FrameDecoder decoder = new FrameDecoder((array, offset, length) -> {
        boolean accepted = collector.frame(array, offset, length);
        if (accepted && array[offset] == (byte) 0xEE) {
            throw new Failure();
        }
        return accepted;
    });

    @Test
    void a_frame_whose_sink_throws_is_delivered_and_the_rest_stays_in_the_buffer() {
        ByteBuffer bytes =
                ByteBuffer.wrap(hex("FF 94 C3 00 01 EE 94 C3 00 01 07")).slice();
        feedAndFail(bytes);
        assertThat(bytes.position()).isEqualTo(6);
        assertThat(decoder.frames()).isEqualTo(1);
        assertThat(decoder.skippedBytes()).isEqualTo(1);
        assertThat(decoder.pendingBytes()).isZero();

        decoder.feed(bytes);
        assertThat(collector.payloads).containsExactly("ee", "07");
    }

    @Test
    void the_rest_of_a_direct_buffer_stays_in_it_too() {
        ByteBuffer bytes = direct(hex("94 C3 00 01 EE 94 C3 00 01 07"));
        feedAndFail(bytes);
        assertThat(bytes.position()).isEqualTo(5);
        decoder.feed(bytes);
        assertThat(collector.payloads).containsExactly("ee", "07");
    }

    @Test
    void a_split_frame_whose_sink_throws_leaves_nothing_pending() {
        decoder.feed(ByteBuffer.wrap(hex("94 C3 00")));
        ByteBuffer bytes = ByteBuffer.wrap(hex("01 EE 94 C3 00 01 07"));
        feedAndFail(bytes);
        assertThat(bytes.position()).isEqualTo(2);
        assertThat(decoder.pendingBytes()).isZero();
        decoder.feed(bytes);
        assertThat(collector.payloads).containsExactly("ee", "07");
    }

    @Test
    void frames_behind_the_throw_that_are_no_longer_in_the_buffer_come_with_the_next_feed() {
        decoder.feed(ByteBuffer.wrap(hex("94 C3 00 0B 94 C3 00 01 EE FF 94 C3 00 01")));
        ByteBuffer bytes = ByteBuffer.wrap(hex("07"));
        feedAndFail(bytes);
        assertThat(decoder.skippedBytes()).isEqualTo(4);
        assertThat(decoder.pendingBytes()).isEqualTo(6);
        assertThat(bytes.hasRemaining()).isFalse();

        decoder.feed(bytes);
        assertThat(collector.payloads).containsExactly("ee", "07");
        assertThat(decoder.skippedBytes()).isEqualTo(5);
        assertThat(decoder.pendingBytes()).isZero();
    }

    @Test
    void the_sink_must_not_feed_its_decoder() {
        assertReentryFails(each -> each.feed(ByteBuffer.wrap(hex("94 C3 00 01 01"))));
    }

    @Test
    void the_sink_must_not_reset_its_decoder() {
        assertReentryFails(FrameDecoder::reset);
    }

    private void feedAndFail(ByteBuffer bytes) {
        assertThatThrownBy(() -> decoder.feed(bytes)).isInstanceOf(Failure.class);
    }

    private static void assertReentryFails(Consumer<FrameDecoder> reentry) {
        AtomicReference<FrameDecoder> self = new AtomicReference<>();
        FrameDecoder reentrant = new FrameDecoder((array, offset, length) -> {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> reentry.accept(self.get()))
                        .withMessageContaining("sink");
            }
            return true;
        });
        self.set(reentrant);
        reentrant.feed(ByteBuffer.wrap(hex("94 C3 00 01 07 94 C3 00 01 08")));
        assertThat(reentrant.frames()).isEqualTo(2);
        assertThat(reentrant.skippedBytes()).isZero();
    }

    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
