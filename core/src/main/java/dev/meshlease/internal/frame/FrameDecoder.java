package dev.meshlease.internal.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Finds the frames in a stream of bytes that arrives in arbitrary pieces and may carry noise: log text, wake-up bytes,
 * stray start bytes, truncated frames.
 *
 * <p>Noise costs no frame. A start that turns out false, because START2 is missing, the length exceeds
 * {@value #MAX_PAYLOAD_BYTES} or the sink refuses the payload, costs exactly its START1 byte: the search goes on with the
 * byte after it, so that frames inside a false frame are still delivered, in order. A false start with a plausible length
 * only delays what follows, until as many bytes have arrived.
 *
 * <p>Every byte taken from a buffer is exactly one of: part of an accepted frame, {@linkplain #skippedBytes() skipped},
 * or {@linkplain #pendingBytes() pending}.
 *
 * <p><b>Threading:</b> none: confined to one thread at a time, the loop that feeds it; the counters too.
 */
public final class FrameDecoder {
    /** The longest payload of a frame; a header that announces more is noise. */
    public static final int MAX_PAYLOAD_BYTES = 512;

    /** START1, START2 and the length. */
    public static final int HEADER_BYTES = 4;

    static final VarHandle BIG_ENDIAN_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final int START = 0x94C3_0000;

    private static final byte START1 = (byte) 0x94;
    static final byte START2 = (byte) 0xC3;
    private static final int CHUNK_BYTES = 4096;

    /*
     * Bytes are decoded where they lie. Those of an incomplete frame at the end of a feed move to the carry. The next
     * feed lends the carry as many bytes as a frame can lack; as soon as those held from before are decided, decoding
     * goes on in the fed array, at its first undecided byte, whether that one had been lent or not.
     *
     * Between feeds the carry is an incomplete frame or empty; after a sink has thrown it may be anything undecided.
     *
     * `decided` and `cursor` are fields because they must be right also when the sink throws.
     */
    private final FrameSink sink;
    private final byte[] carry = new byte[HEADER_BYTES + MAX_PAYLOAD_BYTES];
    private byte[] chunk = {};
    private int carried;

    /** Where the scan of an array stands: the first byte that is neither accepted nor skipped. */
    private int decided;

    /** The first byte of the fed array that is not yet consumed. */
    private int cursor;

    private boolean feeding;
    private long frames;
    private long skippedBytes;
    private long rejectedFrames;

    public FrameDecoder(FrameSink sink) {
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /**
     * Consumes all remaining bytes, handing each complete frame to the sink before it returns.
     *
     * <p>A frame that lies whole in a writable heap buffer is handed out in the buffer's own array. One that is split over
     * two feeds is copied into the decoder's carry; direct and read-only buffers are copied in chunks.
     *
     * <p>If the sink throws, the exception propagates. The frame counts as accepted and the buffer's position is behind
     * the last byte consumed: nothing is lost, to go on feed the same buffer again, even if it has no bytes remaining
     * (frames inside a false one may be pending).
     *
     * @throws IllegalStateException if called from the sink
     */
    public void feed(ByteBuffer bytes) {
        checkNotFeeding();
        feeding = true;
        try {
            if (bytes.hasArray()) {
                feedInPlace(bytes);
            } else {
                feedInChunks(bytes);
            }
        } finally {
            feeding = false;
        }
    }

    /**
     * Forgets what is pending, as for a new connection; it counts as skipped. The counters go on.
     *
     * @throws IllegalStateException if called from the sink
     */
    public void reset() {
        checkNotFeeding();
        skippedBytes += carried;
        carried = 0;
    }

    /** Returns how many frames the sink accepted. */
    public long frames() {
        return frames;
    }

    /** Returns how many bytes were noise. */
    public long skippedBytes() {
        return skippedBytes;
    }

    /** Returns how many frames the sink refused; an impossible length is noise and does not count here. */
    public long rejectedFrames() {
        return rejectedFrames;
    }

    /** Returns how many bytes of an incomplete frame are held back. */
    public int pendingBytes() {
        return carried;
    }

    private void checkNotFeeding() {
        if (feeding) {
            throw new IllegalStateException("the sink must not feed or reset its own decoder");
        }
    }

    private void feedInPlace(ByteBuffer bytes) {
        int base = bytes.arrayOffset();
        try {
            decode(bytes.array(), base + bytes.position(), base + bytes.limit());
        } finally {
            bytes.position(cursor - base);
        }
    }

    private void feedInChunks(ByteBuffer bytes) {
        if (chunk.length == 0) {
            chunk = new byte[CHUNK_BYTES];
        }
        do {
            int position = bytes.position();
            int length = Math.min(bytes.remaining(), chunk.length);
            bytes.get(chunk, 0, length);
            try {
                decode(chunk, 0, length);
            } finally {
                bytes.position(position + cursor);
            }
        } while (bytes.hasRemaining());
    }

    private void decode(byte[] array, int from, int to) {
        cursor = from;
        while (carried > 0) {
            decodeCarry(array, to);
            if (carried > 0 && cursor == to) {
                return;
            }
        }
        decided = cursor;
        try {
            scan(array, cursor, to, to);
        } finally {
            cursor = decided;
        }
        carried = to - cursor;
        System.arraycopy(array, cursor, carry, 0, carried);
        cursor = to;
    }

    /** Lends the carry what its first frame can lack, and decides the bytes held from before. */
    private void decodeCarry(byte[] array, int to) {
        int held = carried;
        int lent = Math.min(carry.length - held, to - cursor);
        System.arraycopy(array, cursor, carry, held, lent);
        decided = 0;
        try {
            scan(carry, 0, held, held + lent);
        } finally {
            if (decided >= held) {
                carried = 0;
                cursor += decided - held;
            } else {
                carried = held + lent - decided;
                cursor += lent;
                System.arraycopy(carry, decided, carry, 0, carried);
            }
        }
    }

    /** Decides the bytes from {@code from} to {@code startsTo}, or to the first start that lacks bytes before {@code to}. */
    private void scan(byte[] array, int from, int startsTo, int to) {
        int at = from;
        while (at < startsTo) {
            if (to - at >= HEADER_BYTES) {
                // one comparison for both start bytes and the range of the length
                int length = (int) BIG_ENDIAN_INT.get(array, at) - START;
                if (Integer.compareUnsigned(length, MAX_PAYLOAD_BYTES) <= 0) {
                    int end = at + HEADER_BYTES + length;
                    if (end > to) {
                        return;
                    }
                    if (deliver(array, at, end)) {
                        at = end;
                        continue;
                    }
                }
            } else if (array[at] == START1 && (to - at == 1 || array[at + 1] == START2)) {
                return;
            }
            at = skip(array, at, startsTo);
        }
    }

    private boolean deliver(byte[] array, int at, int end) {
        decided = end;
        frames++;
        int payload = at + HEADER_BYTES;
        if (sink.frame(array, payload, end - payload)) {
            return true;
        }
        frames--;
        rejectedFrames++;
        return false;
    }

    /** Skips the byte at {@code at} and all that follow it up to the next START1. */
    private int skip(byte[] array, int at, int to) {
        int next = at + 1;
        while (next < to && array[next] != START1) {
            next++;
        }
        skippedBytes += next - at;
        decided = next;
        sink.skipped(array, at, next - at);
        return next;
    }
}
