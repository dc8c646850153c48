package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.io.ByteArrayOutputStream;

/** Finds the frames in one direction of a connection, and lets whatever is between them pass. */
final class FrameCutter {
    /*
     * Two ways of going through a stream, with one memory of where its frames are: `cut` keeps a frame until it is whole; `follow` only
     * looks on while bytes pass. A frame that has begun to pass goes on passing, in pieces: it is `torn`.
     */
    private static final int HEADER = 4;
    private static final int START1 = 0x94;
    private static final int START2 = 0xC3;

    private final Sink sink;
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private final ByteArrayOutputStream loose = new ByteArrayOutputStream();
    /** How many bytes of a header there are. */
    private int header;

    private int length;
    private int missing;
    private boolean torn;

    interface Sink {
        /** A whole frame. */
        void frame(byte[] bytes);

        /** Bytes that belong to no frame, or to one that passes in pieces. */
        void loose(byte[] bytes);
    }

    FrameCutter(Sink sink) {
        this.sink = sink;
    }

    /** Takes bytes that come from here only. */
    void cut(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i += take(bytes, i, end)) {
            // take says how far it has come
        }
        flush();
    }

    /** Looks at bytes that pass without its doing; nothing may be kept back then. */
    void follow(byte[] bytes, int offset, int length) {
        if (header == 0 && missing == 0 && NodeFraming.isFrame(bytes, offset, length)) {
            return; // as nodes mostly write: nothing is begun by it
        }
        int end = offset + length;
        for (int i = offset; i < end; i += take(bytes, i, end)) {
            tear();
        }
        tear();
        loose.reset();
    }

    /** Lets the beginning of a frame pass that it has kept. */
    void release() {
        tear();
        flush();
    }

    private void tear() {
        if (header > 0 || missing > 0) {
            torn = true;
        }
        loose.writeBytes(frame.toByteArray());
        frame.reset();
    }

    private void flush() {
        if (loose.size() > 0) {
            byte[] bytes = loose.toByteArray();
            loose.reset();
            sink.loose(bytes);
        }
    }

    /** Takes a byte of a header, or what there is of a payload; returns how much that was, 0 if the next byte is to be looked at anew. */
    private int take(byte[] bytes, int from, int end) {
        int count = missing > 0 ? Math.min(missing, end - from) : 1;
        if (missing > 0) {
            missing -= count;
        } else if (!beginsFrame(bytes[from] & 0xFF)) {
            return noFrame(bytes[from]);
        }
        (torn ? loose : frame).write(bytes, from, count);
        if (header == 0 && missing == 0) {
            whole();
        }
        return count;
    }

    /** Whether this may be the next byte of a header. */
    private boolean beginsFrame(int next) {
        int value = header == HEADER - 1 ? length << Byte.SIZE | next : next;
        boolean fits = switch (header) {
            case 0 -> next == START1;
            case 1 -> next == START2;
            default -> value <= NodeFraming.MAX_PAYLOAD;
        };
        if (fits) {
            length = value;
            header = (header + 1) % HEADER;
            missing = header == 0 ? length : 0;
        }
        return fits;
    }

    private int noFrame(byte next) {
        boolean isFirst = header == 0;
        tear();
        header = 0;
        torn = false;
        if (isFirst) {
            loose.write(next);
            return 1;
        }
        return 0;
    }

    private void whole() {
        if (!torn) {
            flush();
            byte[] bytes = frame.toByteArray();
            frame.reset();
            sink.frame(bytes);
        }
        torn = false;
    }
}
