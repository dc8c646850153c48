package dev.meshlease.testkit.internal.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameCutterTest {
    private static final byte[] FRAME = NodeFraming.frame(new byte[] {1, 2, 3});

    private static final class Cut implements FrameCutter.Sink {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final List<byte[]> frames = new ArrayList<>();
        final FrameCutter cutter = new FrameCutter(this);

        @Override
        public void frame(byte[] bytes) {
            frames.add(bytes);
            all.writeBytes(bytes);
        }

        @Override
        public void loose(byte[] bytes) {
            all.writeBytes(bytes);
        }

        void takes(byte... bytes) {
            cutter.cut(bytes, 0, bytes.length);
        }
    }

    @Property
    void no_byte_is_lost_or_moved_however_they_come(
            @ForAll @Size(max = 2000) byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int step) {
        Cut stream = new Cut();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (byte next : bytes) {
            written.writeBytes(next % 3 == 0 ? FRAME : new byte[] {next > 0 ? (byte) 0x94 : next});
        }
        byte[] given = written.toByteArray();
        for (int i = 0; i < given.length; i += step) {
            stream.cutter.cut(given, i, Math.min(step, given.length - i));
        }
        stream.cutter.release();

        assertThat(stream.all.toByteArray()).isEqualTo(given);
    }

    @Test
    void frames_are_whole_and_what_is_between_them_passes() {
        Cut stream = new Cut();
        for (byte next : "text".getBytes(StandardCharsets.US_ASCII)) {
            stream.takes(next);
        }
        assertThat(stream.all.toByteArray()).asString().isEqualTo("text");
        for (byte next : FRAME) {
            assertThat(stream.frames).isEmpty();
            stream.takes(next);
        }

        assertThat(stream.frames).containsExactly(FRAME);
    }

    @Test
    void an_empty_frame_is_one_and_one_that_is_too_long_is_none() {
        Cut stream = new Cut();
        stream.takes(NodeFraming.frame(new byte[0]));
        stream.takes(new byte[] {(byte) 0x94, (byte) 0xC3, 2, 1});
        stream.takes(FRAME);

        assertThat(stream.frames).containsExactly(NodeFraming.frame(new byte[0]), FRAME);
    }

    @Test
    void a_frame_that_has_begun_to_pass_goes_on_passing_and_the_next_is_whole() {
        Cut stream = new Cut();
        stream.cutter.follow(FRAME, 0, 5);
        stream.takes(FRAME[5], FRAME[6]);
        assertThat(stream.all.toByteArray()).containsExactly(FRAME[5], FRAME[6]);
        stream.takes(FRAME);

        assertThat(stream.frames).containsExactly(FRAME);
    }

    @Property
    void whoever_only_looks_on_knows_where_the_next_frame_begins(@ForAll long seed) {
        Cut stream = new Cut();
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] frame = NodeFraming.frame(new byte[random.nextInt(NodeFraming.MAX_PAYLOAD + 1)]);
            int middle = random.nextInt(frame.length + 1);
            stream.cutter.follow(frame, 0, middle);
            stream.cutter.follow(frame, middle, frame.length - middle);
        }
        stream.takes(FRAME);

        assertThat(stream.frames).containsExactly(FRAME);
        assertThat(stream.all.toByteArray()).isEqualTo(FRAME);
    }
}
