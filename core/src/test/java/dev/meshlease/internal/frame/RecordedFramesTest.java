package dev.meshlease.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams recorded from a real node. */
class RecordedFramesTest {
    private final Collector collector = Collector.ofAll();
    private final FrameDecoder decoder = new FrameDecoder(collector);

    @ParameterizedTest
    @CsvSource({"handshake-full, 110", "handshake-nodes-only, 218", "garbage-answers, 126"})
    void decodes_what_a_node_sent_as_it_was_read_and_byte_by_byte(String name, int frames) throws IOException {
        List<byte[]> reads = recording(name);
        reads.forEach(read -> decoder.feed(ByteBuffer.wrap(read)));
        assertNothingButFrames(frames);
        List<String> payloads = List.copyOf(collector.payloads);

        collector.payloads.clear();
        for (byte each : Bytes.concat(reads)) {
            decoder.feed(ByteBuffer.wrap(new byte[] {each}));
        }
        assertThat(collector.payloads).isEqualTo(payloads);
        assertNothingButFrames(2 * frames);
    }

    @Test
    void finds_the_frame_behind_each_noise_where_the_node_itself_lost_some() throws IOException {
        List<byte[]> writes = recording("garbage-sent");
        for (byte[] write : writes) {
            decoder.feed(ByteBuffer.wrap(write));
            String last = collector.payloads.get(collector.payloads.size() - 1);
            assertThat(Bytes.hex(write)).endsWith("94c3%04x%s".formatted(last.length() / 2, last));
        }
        assertThat(collector.payloads).hasSameSizeAs(writes);
        assertThat(decoder.skippedBytes()).isEqualTo(1_066);
        assertThat(decoder.pendingBytes()).isZero();
    }

    private void assertNothingButFrames(int frames) {
        assertThat(decoder.frames()).isEqualTo(frames);
        assertThat(decoder.skippedBytes()).isZero();
        assertThat(decoder.pendingBytes()).isZero();
    }

    private static List<byte[]> recording(String name) throws IOException {
        String resource = "/frames/" + name + ".hex";
        try (InputStream stream = RecordedFramesTest.class.getResourceAsStream(resource)) {
            String text =
                    new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Bytes::hex)
                    .toList();
        }
    }
}
