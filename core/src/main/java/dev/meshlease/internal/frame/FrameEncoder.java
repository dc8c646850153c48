package dev.meshlease.internal.frame;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts payloads into frames. Each result is a new heap buffer, backed by exactly its own array and ready to be read.
 *
 * <p><b>Threading:</b> stateless, safe from any thread.
 */
public final class FrameEncoder {
    private FrameEncoder() {}

    /**
     * Frames a copy of {@code payload}.
     *
     * @throws IllegalArgumentException if the payload exceeds {@value FrameDecoder#MAX_PAYLOAD_BYTES} bytes
     */
    public static ByteBuffer encode(byte[] payload) {
        byte[] frame = frameFor(payload.length);
        System.arraycopy(payload, 0, frame, FrameDecoder.HEADER_BYTES, payload.length);
        return ByteBuffer.wrap(frame);
    }

    /**
     * Frames {@code message}, serialized straight into the frame.
     *
     * @throws IllegalArgumentException if the serialized message exceeds {@value FrameDecoder#MAX_PAYLOAD_BYTES} bytes
     */
    public static ByteBuffer encode(MessageLite message) {
        int length = message.getSerializedSize();
        byte[] frame = frameFor(length);
        CodedOutputStream output = CodedOutputStream.newInstance(frame, FrameDecoder.HEADER_BYTES, length);
        try {
            message.writeTo(output);
        } catch (IOException e) {
            throw new IllegalStateException("message does not fit its own serialized size of " + length + " bytes", e);
        }
        output.checkNoSpaceLeft();
        return ByteBuffer.wrap(frame);
    }

    /** Bytes that end whatever frame the other side is in the middle of, and begin none. Only a line that outlives its users needs them. */
    public static ByteBuffer resync() {
        byte[] bytes = new byte[FrameDecoder.HEADER_BYTES + FrameDecoder.MAX_PAYLOAD_BYTES];
        Arrays.fill(bytes, FrameDecoder.START2);
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] frameFor(int length) {
        if (length > FrameDecoder.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("payload of " + length + " bytes exceeds the "
                    + FrameDecoder.MAX_PAYLOAD_BYTES + " bytes of a frame");
        }
        byte[] frame = new byte[FrameDecoder.HEADER_BYTES + length];
        FrameDecoder.BIG_ENDIAN_INT.set(frame, 0, FrameDecoder.START | length);
        return frame;
    }
}
