package dev.meshlease.internal.frame;

import static dev.meshlease.internal.frame.Bytes.frame;
import static dev.meshlease.internal.frame.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEncoderTest {
    @Test
    void writes_start_length_and_payload() {
        assertThat(bytesOf(FrameEncoder.encode(hex("18 2D")))).isEqualTo(hex("94 C3 00 02 18 2D"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 257, 511, 512})
    void writes_each_length_big_endian(int length) {
        byte[] payload = new byte[length];
        assertThat(bytesOf(FrameEncoder.encode(payload))).isEqualTo(frame(payload));
    }

    @Test
    void serializes_a_message_into_its_frame() {
        assertThat(bytesOf(FrameEncoder.encode(StringValue.of("mesh"))))
                .isEqualTo(hex("94 C3 00 06 0A 04 6D 65 73 68"));
        assertThat(bytesOf(FrameEncoder.encode(Empty.getDefaultInstance()))).isEqualTo(hex("94 C3 00 00"));
    }

    @Test
    void leaves_the_payload_and_its_array_alone() {
        byte[] payload = hex("01 02");
        ByteBuffer encoded = FrameEncoder.encode(payload);
        payload[0] = 9;
        assertThat(bytesOf(encoded)).isEqualTo(hex("94 C3 00 02 01 02"));
    }

    @Test
    void the_buffer_is_backed_by_exactly_its_frame() {
        ByteBuffer encoded = FrameEncoder.encode(StringValue.of("mesh"));
        assertThat(encoded.array()).hasSize(encoded.remaining());
        assertThat(encoded.arrayOffset()).isZero();
    }

    @Test
    void refuses_a_payload_that_no_frame_can_hold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameEncoder.encode(new byte[513]))
                .withMessageContaining("513")
                .withMessageContaining("512");
    }

    @Test
    void measures_a_message_by_its_serialized_size() {
        // tag and length take three bytes
        BytesValue longest = BytesValue.of(ByteString.copyFrom(new byte[509]));
        BytesValue tooLong = BytesValue.of(ByteString.copyFrom(new byte[510]));
        assertThat(FrameEncoder.encode(longest).remaining()).isEqualTo(516);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameEncoder.encode(tooLong))
                .withMessageContaining("513");
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
