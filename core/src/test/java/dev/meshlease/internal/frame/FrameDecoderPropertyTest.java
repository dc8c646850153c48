package dev.meshlease.internal.frame;

import static dev.meshlease.internal.frame.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class FrameDecoderPropertyTest {
    private static final int CHECKSUM_BYTES = 4;

    @Property(tries = 500)
    void agrees_with_the_reference_on_any_stream_however_cut(
            @ForAll("noise") byte[] stream, @ForAll("cuts") List<Integer> cuts, @ForAll Memory memory) {
        Predicate<byte[]> isMessage = payload -> (payload.length + sum(payload)) % 3 != 0;
        Collector collector = Collector.of(isMessage);
        FrameDecoder decoder = new FrameDecoder(collector);
        long fed = 0;
        for (byte[] piece : pieces(stream, cuts)) {
            decoder.feed(memory.hold.apply(piece));
            fed += piece.length;
            assertThat(collector.acceptedBytes + decoder.skippedBytes() + decoder.pendingBytes())
                    .isEqualTo(fed);
        }
        assertAgrees(decoder, collector, ReferenceDecoder.decode(stream, isMessage));
    }

    @Property(tries = 300)
    void loses_nothing_to_a_sink_that_throws(
            @ForAll("noise") byte[] stream, @ForAll("cuts") List<Integer> cuts, @ForAll Memory memory) {
        Predicate<byte[]> isMessage = payload -> payload.length % 4 != 0;
        Collector collector = Collector.of(isMessage);
        FrameDecoder decoder = new FrameDecoder((array, offset, length) -> {
            boolean accepted = collector.frame(array, offset, length);
            if (accepted && length % 4 != 1) {
                throw new IllegalArgumentException("thrown by the sink");
            }
            return accepted;
        });
        long fed = 0;
        for (byte[] piece : pieces(stream, cuts)) {
            ByteBuffer bytes = memory.hold.apply(piece);
            int start = bytes.position();
            boolean threw = true;
            while (threw) {
                threw = feedThrows(decoder, bytes);
                assertThat(collector.acceptedBytes + decoder.skippedBytes() + decoder.pendingBytes())
                        .isEqualTo(fed + bytes.position() - start);
            }
            fed += piece.length;
            assertThat(bytes.hasRemaining()).isFalse();
        }
        assertAgrees(decoder, collector, ReferenceDecoder.decode(stream, isMessage));
    }

    @Property(tries = 200)
    void finds_the_same_frames_however_the_stream_is_cut(
            @ForAll("payloads") List<byte[]> payloads, @ForAll("cuts") List<Integer> cuts) {
        byte[] stream = concat(payloads.stream().map(Bytes::frame).toList());
        assertOnlyFrames(payloads, List.of(stream));
        assertOnlyFrames(payloads, pieces(stream, List.of(1)));
        assertOnlyFrames(payloads, pieces(stream, cuts));
    }

    @Property(tries = 200)
    void no_frame_is_lost_to_noise_without_start1(
            @ForAll("payloads") List<byte[]> payloads,
            @ForAll("startlessNoise") byte[] noise,
            @ForAll("cuts") List<Integer> cuts) {
        List<byte[]> parts = new ArrayList<>(List.of(noise));
        payloads.forEach(payload -> parts.addAll(List.of(Bytes.frame(payload), noise)));

        Collector collector = Collector.ofAll();
        FrameDecoder decoder = new FrameDecoder(collector);
        pieces(concat(parts), cuts).forEach(piece -> decoder.feed(ByteBuffer.wrap(piece)));
        assertThat(collector.payloads).isEqualTo(hexOf(payloads));
        assertThat(decoder.skippedBytes()).isEqualTo((payloads.size() + 1L) * noise.length);
        assertThat(collector.noise.toByteArray())
                .as("what was shown of the noise")
                .isEqualTo(concat(Collections.nCopies(payloads.size() + 1, noise)));
        assertThat(decoder.pendingBytes()).isZero();
    }

    @Property(tries = 300)
    void no_message_is_lost_to_any_noise_once_enough_bytes_followed(
            @ForAll("payloads") List<byte[]> bodies,
            @ForAll("noise") byte[] noise,
            @ForAll("cuts") List<Integer> cuts) {
        List<byte[]> messages = bodies.stream()
                .filter(body -> body.length <= FrameDecoder.MAX_PAYLOAD_BYTES - CHECKSUM_BYTES)
                .map(body -> concat(body, checksum(body)))
                .toList();
        List<byte[]> parts = new ArrayList<>(List.of(noise));
        messages.forEach(message -> parts.addAll(List.of(Bytes.frame(message), noise)));
        parts.add(new byte[FrameDecoder.MAX_PAYLOAD_BYTES + FrameDecoder.HEADER_BYTES]);

        Collector collector = Collector.of(FrameDecoderPropertyTest::hasChecksum);
        FrameDecoder decoder = new FrameDecoder(collector);
        pieces(concat(parts), cuts).forEach(piece -> decoder.feed(ByteBuffer.wrap(piece)));
        assertThat(collector.payloads).isEqualTo(hexOf(messages));
        assertThat(decoder.pendingBytes()).isZero();
    }

    /** Dense in start bytes and short lengths, so that false frames begin everywhere and overlap. */
    @Provide
    Arbitrary<byte[]> noise() {
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 5, (byte) 9)),
                Tuple.of(1, Arbitraries.of((byte) 0x94, (byte) 0xC3)),
                Tuple.of(2, Arbitraries.bytes()));
        Arbitrary<byte[]> text = bytes.array(byte[].class).ofMaxSize(40);
        Arbitrary<byte[]> header = Arbitraries.integers().between(0, 520).map(length ->
                new byte[] {(byte) 0x94, (byte) 0xC3, (byte) (length >> 8), length.byteValue()});
        Arbitrary<byte[]> shortHeader = Arbitraries.bytes()
                .between((byte) 0, (byte) 40)
                .map(length -> new byte[] {(byte) 0x94, (byte) 0xC3, 0, length});
        return Arbitraries.frequencyOf(Tuple.of(3, text), Tuple.of(1, header), Tuple.of(3, shortHeader))
                .list()
                .ofMaxSize(40)
                .map(Bytes::concat);
    }

    @Provide
    Arbitrary<byte[]> startlessNoise() {
        return Arbitraries.bytes()
                .filter(each -> each != (byte) 0x94)
                .array(byte[].class)
                .ofMaxSize(80);
    }

    @Provide
    Arbitrary<List<byte[]>> payloads() {
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of((byte) 0x94, (byte) 0xC3, (byte) 0)), Tuple.of(3, Arbitraries.bytes()));
        return bytes.array(byte[].class)
                .ofMaxSize(FrameDecoder.MAX_PAYLOAD_BYTES)
                .list()
                .ofMaxSize(12);
    }

    /** The sizes of successive pieces, repeated over the whole stream. */
    @Provide
    Arbitrary<List<Integer>> cuts() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(1, 12)),
                Tuple.of(1, Arbitraries.integers().between(1, 700)));
        return sizes.list().ofMinSize(1).ofMaxSize(8);
    }

    /** The kinds of memory a piece may lie in; the decoder must not care. */
    enum Memory {
        ARRAY(ByteBuffer::wrap),
        SLICE(bytes -> ByteBuffer.wrap(concat(new byte[3], bytes, new byte[2]), 3, bytes.length)
                .slice()),
        WINDOW(bytes -> ByteBuffer.wrap(concat(new byte[3], bytes, new byte[2]), 3, bytes.length)),
        READ_ONLY(bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer()),
        DIRECT(Bytes::direct);

        final Function<byte[], ByteBuffer> hold;

        Memory(Function<byte[], ByteBuffer> hold) {
            this.hold = hold;
        }
    }

    private static void assertOnlyFrames(List<byte[]> payloads, List<byte[]> pieces) {
        Collector collector = Collector.ofAll();
        FrameDecoder decoder = new FrameDecoder(collector);
        pieces.forEach(piece -> decoder.feed(ByteBuffer.wrap(piece)));
        assertThat(collector.payloads).isEqualTo(hexOf(payloads));
        assertThat(decoder.frames()).isEqualTo(payloads.size());
        assertThat(decoder.skippedBytes()).isZero();
        assertThat(decoder.pendingBytes()).isZero();
    }

    private static void assertAgrees(FrameDecoder decoder, Collector collector, ReferenceDecoder expected) {
        assertThat(collector.payloads).isEqualTo(expected.payloads());
        assertThat(decoder.frames()).isEqualTo(expected.payloads().size());
        assertThat(decoder.skippedBytes()).isEqualTo(expected.skipped());
        assertThat(decoder.rejectedFrames()).isEqualTo(expected.rejected());
        assertThat(decoder.pendingBytes()).isEqualTo(expected.pending());
    }

    private static boolean feedThrows(FrameDecoder decoder, ByteBuffer bytes) {
        try {
            decoder.feed(bytes);
            return false;
        } catch (IllegalArgumentException expected) {
            return true;
        }
    }

    private static List<byte[]> pieces(byte[] stream, List<Integer> sizes) {
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < stream.length; i++) {
            int end = Math.min(stream.length, at + sizes.get(i % sizes.size()));
            pieces.add(Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        return pieces;
    }

    private static List<String> hexOf(List<byte[]> payloads) {
        return payloads.stream().map(Bytes::hex).toList();
    }

    private static boolean hasChecksum(byte[] payload) {
        int bodyLength = payload.length - CHECKSUM_BYTES;
        return bodyLength >= 0
                && Arrays.equals(
                        checksum(Arrays.copyOf(payload, bodyLength)),
                        Arrays.copyOfRange(payload, bodyLength, payload.length));
    }

    private static byte[] checksum(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(0x5A);
        crc.update(body);
        return ByteBuffer.allocate(CHECKSUM_BYTES).putInt((int) crc.getValue()).array();
    }

    private static int sum(byte[] bytes) {
        int sum = 0;
        for (byte each : bytes) {
            sum += Byte.toUnsignedInt(each);
        }
        return sum;
    }
}
