package dev.meshlease.internal.frame;

/**
 * Reads what routing needs of a mesh packet from the bytes of a FromRadio, without parsing it. Reusable, allocates nothing.
 *
 * <p>It vouches for a packet only if a parse would succeed and agree. Anything unusual (another variant, a message in several parts, groups,
 * over-long varints) it leaves to the parse.
 *
 * <p><b>Threading:</b> confined to one thread at a time.
 */
public final class PacketPeek {
    /** The port of a packet without readable data. */
    public static final int PORT_ENCRYPTED = -1;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;
    private static final int LAST_VARIANT = 19;
    private static final int MAX_VARINT_BITS = 70;

    private byte[] array = {};
    private int at;
    private boolean bad;
    private int from;
    private int to;
    private int id;
    private int channel;
    private int port;
    private int requestId;
    private int replyId;

    /** Looks at a FromRadio; false if it is no packet that can be vouched for, and the getters then mean nothing. */
    public boolean read(byte[] bytes, int offset, int length) {
        array = bytes;
        at = offset;
        bad = false;
        from = to = id = channel = requestId = replyId = 0;
        port = PORT_ENCRYPTED;
        boolean found = false;
        int end = offset + length;
        while (at < end && !bad) {
            int tag = tag(end);
            int field = tag >>> 3;
            if (tag == (2 << 3 | LENGTH) && !found) {
                found = true;
                packet(sub(end));
            } else if (field == 1 || field > LAST_VARIANT) {
                skip(tag, end);
            } else {
                bad = true;
            }
        }
        return found && !bad;
    }

    private void packet(int end) {
        boolean decoded = false;
        boolean encrypted = false;
        while (at < end && !bad) {
            int tag = tag(end);
            switch (tag) {
                case 1 << 3 | FIXED32 -> from = fixed32(end);
                case 2 << 3 | FIXED32 -> to = fixed32(end);
                case 3 << 3 | VARINT -> channel = (int) varint(end);
                case 6 << 3 | FIXED32 -> id = fixed32(end);
                case 4 << 3 | LENGTH -> {
                    bad |= decoded || encrypted;
                    decoded = true;
                    data(sub(end));
                }
                case 5 << 3 | LENGTH -> {
                    bad |= decoded;
                    encrypted = true;
                    skip(tag, end);
                }
                default -> skip(tag, end);
            }
        }
    }

    private void data(int end) {
        port = 0;
        while (at < end && !bad) {
            int tag = tag(end);
            switch (tag) {
                case 1 << 3 | VARINT -> port = (int) varint(end);
                case 6 << 3 | FIXED32 -> requestId = fixed32(end);
                case 7 << 3 | FIXED32 -> replyId = fixed32(end);
                default -> skip(tag, end);
            }
        }
    }

    private int tag(int end) {
        long tag = varint(end);
        bad |= tag >>> 32 != 0 || tag >>> 3 == 0;
        return (int) tag;
    }

    private int sub(int end) {
        long length = varint(end);
        if (bad || length < 0 || length > end - at) {
            bad = true;
            return at;
        }
        return at + (int) length;
    }

    private void skip(int tag, int end) {
        switch (tag & 7) {
            case VARINT -> varint(end);
            case FIXED64 -> advance(8, end);
            case LENGTH -> at = sub(end);
            case FIXED32 -> advance(4, end);
            default -> bad = true;
        }
    }

    private void advance(int bytes, int end) {
        if (end - at < bytes) {
            bad = true;
        } else {
            at += bytes;
        }
    }

    private int fixed32(int end) {
        advance(4, end);
        return bad ? 0 : Integer.reverseBytes((int) FrameDecoder.BIG_ENDIAN_INT.get(array, at - 4));
    }

    private long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS && at < end; shift += 7) {
            byte next = array[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        bad = true;
        return 0;
    }

    /** The sender's node number. */
    public int from() {
        return from;
    }

    /** The destination's node number. */
    public int to() {
        return to;
    }

    /** The packet's id. */
    public int id() {
        return id;
    }

    /** The index of its channel. */
    public int channel() {
        return channel;
    }

    /** Its port number, or {@link #PORT_ENCRYPTED}. */
    public int port() {
        return port;
    }

    /** What it answers, or 0. */
    public int requestId() {
        return requestId;
    }

    /** The text it replies to, or 0. */
    public int replyId() {
        return replyId;
    }
}
