package dev.meshlease.internal.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** Words for byte strings in the tests of this package. */
final class Bytes {
    private Bytes() {}

    static byte[] hex(String spaced) {
        return HexFormat.of().parseHex(spaced.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Written without {@link FrameEncoder}, so that encoder and decoder cannot be wrong in the same way. */
    static byte[] frame(byte[] payload) {
        byte[] header = {(byte) 0x94, (byte) 0xC3, (byte) (payload.length >> 8), (byte) payload.length};
        return concat(header, payload);
    }

    static byte[] concat(byte[]... parts) {
        return concat(List.of(parts));
    }

    static byte[] concat(List<byte[]> parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
