package dev.meshlease.internal.frame;

import static dev.meshlease.internal.frame.Bytes.concat;
import static dev.meshlease.internal.frame.Bytes.direct;
import static dev.meshlease.internal.frame.Bytes.frame;
import static dev.meshlease.internal.frame.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What noise does to a stream: every row of it has cost some other client a frame, or the rest of the stream. */
class FrameDecoderTest {
    private static final String GOOD = "94 C3 00 02 18 2D";

    private Collector collector = Collector.ofAll();
    private FrameDecoder decoder = new FrameDecoder(collector);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        a frame                        | 94 C3 00 02 18 2D                                   | 182d           | 0
        two frames                     | 94 C3 00 02 18 2D 94 C3 00 01 07                    | 182d 07        | 0
        an empty payload               | 94 C3 00 00 94 C3 00 02 18 2D                       | - 182d         | 0
        a start inside a payload       | 94 C3 00 04 01 94 C3 02 94 C3 00 02 18 2D           | 0194c302 182d  | 0
        a frame inside a payload       | 94 C3 00 06 94 C3 00 02 18 2D 94 C3 00 01 07        | 94c30002182d 07| 0
        START1 twice                   | 94 94 C3 00 02 18 2D 94 C3 00 01 07                 | 182d 07        | 1
        START1 many times              | 94 94 94 94 94 C3 00 02 18 2D                       | 182d           | 4
        START1 and no START2           | 94 00 94 C3 00 02 18 2D                             | 182d           | 2
        a stray start                  | 94 C3 94 C3 00 02 18 2D                             | 182d           | 2
        a stray start and half a length| 94 C3 FF 94 C3 00 02 18 2D                          | 182d           | 3
        a cut header                   | 94 C3 02 94 C3 00 02 18 2D                          | 182d           | 3
        the length FFFF                | 94 C3 FF FF 94 C3 00 02 18 2D 94 C3 00 01 07        | 182d 07        | 4
        the length 513                 | 94 C3 02 01 94 C3 00 02 18 2D                       | 182d           | 4
        START1 as length               | 94 C3 94 94 C3 00 02 18 2D                          | 182d           | 3
        wake-up bytes                  | C3 C3 C3 C3 94 C3 00 02 18 2D                       | 182d           | 4
        START2 without START1          | C3 94 C3 00 02 18 2D C3                             | 182d           | 2
        noise between frames           | 94 C3 00 01 07 0D 0A 1B 94 C3 00 02 18 2D           | 07 182d        | 3
        """)
    void finds_all_frames_in(String name, String stream, String payloads, long skippedBytes) {
        byte[] bytes = hex(stream);
        String[] expected = payloads.replace("-", "").split(" ", -1);

        for (int cut = 0; cut <= bytes.length; cut++) {
            setUp(Collector.ofAll());
            decoder.feed(ByteBuffer.wrap(bytes, 0, cut));
            decoder.feed(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            assertThat(collector.payloads).as("cut at %d", cut).containsExactly(expected);
            assertThat(decoder.frames()).isEqualTo(expected.length);
            assertThat(decoder.skippedBytes()).isEqualTo(skippedBytes);
            assertThat(decoder.pendingBytes()).isZero();
        }
    }

    @Test
    void takes_a_log_line_for_noise() {
        byte[] log = "\u001b[34mINFO \u001b[0m | 12:30:00 42 [Router] Lora RX (id=0x94)\r\n"
                .getBytes(StandardCharsets.UTF_8);
        feed(concat(log, hex(GOOD), log));
        assertThat(collector.payloads).containsExactly("182d");
        assertThat(decoder.skippedBytes()).isEqualTo(2L * log.length);
    }

    @Test
    void takes_the_longest_payload() {
        byte[] payload = new byte[512];
        payload[511] = 1;
        feed(concat(frame(payload), hex(GOOD)));
        assertThat(collector.payloads).containsExactly(hex(payload), "182d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"94", "94 C3", "94 C3 00", "94 C3 02", "94 C3 00 02", "94 C3 02 00 01", "94 C3 00 02 18"})
    void holds_back_an_incomplete_frame(String stream) {
        feed(hex(stream));
        assertThat(collector.payloads).isEmpty();
        assertThat(decoder.pendingBytes()).isEqualTo(hex(stream).length);
        assertThat(decoder.skippedBytes()).isZero();
    }

    @Test
    void delivers_the_frames_that_a_false_header_swallowed() {
        setUp(Collector.of(payload -> payload.length <= 2));
        feed(hex("94 C3 00 0D 94 C3 00 02 18 2D 94 C3 00 01 07 FF 94"));
        assertThat(collector.payloads).containsExactly("182d", "07");
        assertThat(decoder.rejectedFrames()).isEqualTo(1);
        assertThat(decoder.frames()).isEqualTo(2);
        assertThat(decoder.skippedBytes()).isEqualTo(5);
        assertThat(decoder.pendingBytes()).isEqualTo(1);
    }

    @Test
    void delivers_a_frame_that_a_false_header_swallowed_in_part() {
        setUp(Collector.of(payload -> payload.length == 2));
        feed(hex("94 C3 00 05 94 C3"));
        assertThat(decoder.pendingBytes()).isEqualTo(6);
        feed(hex("00 02 18 2D"));
        assertThat(collector.payloads).containsExactly("182d");
        assertThat(decoder.skippedBytes()).isEqualTo(4);
    }

    @Test
    void an_impossible_length_is_noise_and_not_a_refusal() {
        feed(hex("94 C3 02 01"));
        assertThat(decoder.rejectedFrames()).isZero();
        assertThat(decoder.skippedBytes()).isEqualTo(4);
    }

    @Test
    void consumes_only_what_the_buffer_shows() {
        byte[] array = hex("94 C3 00 01 AA 94 C3 00 01 BB 94 C3 00 01 CC");
        ByteBuffer window = ByteBuffer.wrap(array, 5, 5);
        decoder.feed(window);
        assertThat(collector.payloads).containsExactly("bb");
        assertThat(window.position()).isEqualTo(10);
        assertThat(window.limit()).isEqualTo(10);
    }

    @Test
    void reads_buffers_without_an_array() {
        byte[] stream = new byte[20_000];
        for (int at = 0; at < stream.length; at += 20) {
            System.arraycopy(frame(new byte[16]), 0, stream, at, 20);
        }
        ByteBuffer direct = direct(stream);
        decoder.feed(direct);
        assertThat(direct.hasRemaining()).isFalse();
        decoder.feed(ByteBuffer.wrap(stream).asReadOnlyBuffer());
        assertThat(decoder.frames()).isEqualTo(2_000);
        assertThat(decoder.skippedBytes()).isZero();
    }

    @Test
    void reset_forgets_a_partial_frame_and_counts_it_as_skipped() {
        feed(hex("94 C3 00 02 18"));
        decoder.reset();
        assertThat(decoder.pendingBytes()).isZero();
        assertThat(decoder.skippedBytes()).isEqualTo(5);
        feed(hex(GOOD));
        assertThat(collector.payloads).containsExactly("182d");
    }

    private void feed(byte[] bytes) {
        decoder.feed(ByteBuffer.wrap(bytes));
    }

    private void setUp(Collector newCollector) {
        collector = newCollector;
        decoder = new FrameDecoder(newCollector);
    }
}
