package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The stream framing as firmware does it: 94 C3, length (two bytes, big-endian), payload.
 *
 * <p>Its weakness is deliberate: a byte that breaks a header is swallowed, even if it is itself a 94, and a payload is taken by its
 * length whatever comes. So {@code 94 94 C3 …} loses a frame, and a truncated frame eats the next ones. One that resyncs, as no firmware
 * does, looks at the bytes of a broken header again.
 */
public final class NodeFraming {
    public static final int MAX_PAYLOAD = 512;
    public static final int HEADER = 4;
    private static final byte START1 = (byte) 0x94;
    private static final byte START2 = (byte) 0xC3;
    private static final int START = 0x94C3;

    private final boolean resync;
    private int position;
    private int length;
    private byte[] payload = new byte[0];

    /** At the beginning of a stream, as firmware has it. */
    public NodeFraming() {
        this(false);
    }

    /** At the beginning of a stream. */
    NodeFraming(boolean resync) {
        this.resync = resync;
    }

    /** Takes one byte; returns a payload when that byte was its last. */
    public byte @Nullable [] take(byte next) {
        switch (position) {
            case 0 -> position = next == START1 ? 1 : 0;
            case 1 -> position = next == START2 ? 2 : restart(next);
            case 2 -> {
                length = (next & 0xFF) << 8;
                position = 3;
            }
            case 3 -> {
                length |= next & 0xFF;
                if (length > MAX_PAYLOAD) {
                    boolean beginsHere = resync && length == START;
                    position = beginsHere ? 2 : restart(next);
                    return null;
                }
                payload = new byte[length];
                position = HEADER;
                return ended();
            }
            default -> {
                payload[position - HEADER] = next;
                position++;
                return ended();
            }
        }
        return null;
    }

    /** Whether it is between two frames. */
    public boolean isIdle() {
        return position == 0;
    }

    private int restart(byte next) {
        return resync && next == START1 ? 1 : 0;
    }

    private byte @Nullable [] ended() {
        if (position < HEADER + length) {
            return null;
        }
        position = 0;
        return payload;
    }

    /** Whether these bytes are one whole frame. */
    public static boolean isFrame(byte[] bytes, int offset, int length) {
        return length >= HEADER
                && bytes[offset] == START1
                && bytes[offset + 1] == START2
                && (((bytes[offset + 2] & 0xFF) << 8) | (bytes[offset + 3] & 0xFF)) == length - HEADER;
    }

    public static byte[] frame(byte[] payload) {
        byte[] frame = header(payload.length);
        System.arraycopy(payload, 0, frame, HEADER, payload.length);
        return frame;
    }

    static byte[] frame(ByteString payload) {
        byte[] frame = header(payload.size());
        payload.copyTo(frame, HEADER);
        return frame;
    }

    /** A frame without its payload. */
    private static byte[] header(int length) {
        if (length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("A frame holds " + MAX_PAYLOAD + " bytes, not " + length);
        }
        byte[] frame = new byte[HEADER + length];
        frame[0] = START1;
        frame[1] = START2;
        frame[2] = (byte) (length >> 8);
        frame[3] = (byte) length;
        return frame;
    }
}
