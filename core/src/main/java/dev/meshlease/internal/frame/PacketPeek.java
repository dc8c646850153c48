package dev.meshlease.internal.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads what routing needs of a mesh packet where it lies, without parsing it. Reusable, allocates nothing.
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
    private static final int PACKET = 2; // In a FromRadio, whose other variants go up to the next.
    private static final int LAST_VARIANT = 19;
    private static final int DECODED = 4; // In a MeshPacket.
    private static final int ENCRYPTED = 5;
    private static final int RX_RSSI = 12;
    private static final int LEAST_LONG = 16; // The first field whose tag takes two bytes.
    private static final int MAX_VARINT_BITS = 70;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int BAD = -1;
    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LITTLE_ENDIAN_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private long value; // Of the varint that was read last.
    private int inside; // Where that begins which has a length.
    private int start;
    private int length;
    private int from;
    private int to;
    private int id;
    private int channel;
    private int rxTime;
    private float rxSnr;
    private int hopLimit;
    private int hopStart;
    private boolean viaMqtt;
    private int port;
    private int requestId;
    private int replyId;

    /**
     * Looks for a MeshPacket in a FromRadio, which is then at {@link #start}, {@link #length} bytes long; false if it cannot be vouched for
     * that there is one.
     */
    public boolean find(byte[] array, int offset, int size) {
        boolean found = false;
        int end = offset + size;
        int at = offset;
        while (at < end) {
            at = varint(array, at, end);
            long tag = value;
            if (at < 0 || tag >>> 32 != 0) {
                return false;
            }
            int field = (int) tag >>> 3;
            if (tag == (PACKET << 3 | LENGTH) && !found) {
                found = true;
                at = behind(array, at, end);
                start = inside;
                length = at - start;
            } else if (field == 1 || field > LAST_VARIANT) {
                at = skip(tag, array, at, end);
            } else {
                return false; // It is something else, or in several parts.
            }
            if (at < 0) {
                return false;
            }
        }
        return found;
    }

    /** Looks at a MeshPacket; false if it cannot be vouched for, and the getters then mean nothing. */
    public boolean read(byte[] array, int offset, int size) {
        from = to = id = channel = rxTime = hopLimit = hopStart = requestId = replyId = 0;
        rxSnr = 0;
        viaMqtt = false;
        port = PORT_ENCRYPTED;
        return packet(array, offset, offset + size);
    }

    private boolean packet(byte[] array, int offset, int end) {
        boolean hasPayload = false;
        int at = offset;
        while (at < end) {
            int tag = array[at++];
            int type = tag & 7;
            if (tag < 0) {
                at = unusual(tag, array, at, end);
                if (at < 0) {
                    return false;
                }
            } else if (type == FIXED32) {
                if (end - at < 4) {
                    return false;
                }
                int bits = (int) LITTLE_ENDIAN_INT.get(array, at);
                at += 4;
                switch (tag >>> 3) {
                    case 1 -> from = bits;
                    case 2 -> to = bits;
                    case 6 -> id = bits;
                    case 7 -> rxTime = bits;
                    case 8 -> rxSnr = Float.intBitsToFloat(bits);
                    case 0 -> {
                        return false;
                    }
                    default -> {}
                }
            } else if (type == VARINT) {
                int field = tag >>> 3;
                if (at < end && array[at] >= 0) {
                    value = array[at++];
                } else if (field == RX_RSSI) { // Negative, so it has ten bytes, and nobody asks for it.
                    at = behindVarint(array, at, end);
                    if (at < 0) {
                        return false;
                    }
                } else {
                    at = longVarint(array, at, end);
                    if (at < 0) {
                        return false;
                    }
                }
                switch (field) {
                    case 3 -> channel = (int) value;
                    case 9 -> hopLimit = (int) value;
                    case 14 -> viaMqtt = value != 0;
                    case 15 -> hopStart = (int) value;
                    case 0 -> {
                        return false;
                    }
                    default -> {}
                }
            } else if (type == LENGTH) {
                int field = tag >>> 3;
                int behind = behind(array, at, end);
                if (behind < 0 || field == 0) {
                    return false;
                }
                if (field == DECODED) {
                    if (hasPayload || !data(array, inside, behind)) {
                        return false;
                    }
                    hasPayload = true;
                } else if (field == ENCRYPTED) {
                    if (hasPayload) {
                        return false;
                    }
                    hasPayload = true;
                }
                at = behind;
            } else {
                at = unusual(tag, array, at, end);
                if (at < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean data(byte[] array, int offset, int end) {
        port = 0;
        int at = offset;
        while (at < end) {
            int tag = array[at++];
            switch (tag) {
                case 1 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    port = (int) value;
                }
                case 6 << 3 | FIXED32 -> {
                    if (end - at < 4) {
                        return false;
                    }
                    requestId = (int) LITTLE_ENDIAN_INT.get(array, at);
                    at += 4;
                }
                case 7 << 3 | FIXED32 -> {
                    if (end - at < 4) {
                        return false;
                    }
                    replyId = (int) LITTLE_ENDIAN_INT.get(array, at);
                    at += 4;
                }
                default -> at = unusual(tag, array, at, end);
            }
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** A field that nobody asks for. None that is asked for has a tag of several bytes, if it is written as short as can be. */
    private int unusual(int first, byte[] array, int offset, int end) {
        int at = offset;
        int tag = first;
        if (first < 0) {
            at = longVarint(array, offset - 1, end);
            tag = (int) value;
            if (at < 0 || value >>> 32 != 0 || tag >>> 3 < LEAST_LONG) {
                return BAD;
            }
        }
        return tag >>> 3 == 0 ? BAD : skip(tag, array, at, end);
    }

    // Each of these returns the place behind what it has read, or BAD.

    private int skip(long tag, byte[] array, int at, int end) {
        return switch ((int) tag & 7) {
            case VARINT -> behindVarint(array, at, end);
            case LENGTH -> behind(array, at, end);
            case FIXED32 -> end - at < 4 ? BAD : at + 4;
            case FIXED64 -> end - at < 8 ? BAD : at + 8;
            default -> BAD;
        };
    }

    /** Behind what begins with its length, which has mostly one or two bytes. */
    private int behind(byte[] array, int at, int end) {
        int from = at + 1;
        int size = at < end ? array[at] : BAD;
        if (size < 0) {
            if (end - at >= 2 && array[at + 1] >= 0) {
                from = at + 2;
                size = (size & 0x7F) | array[at + 1] << 7;
            } else {
                from = longVarint(array, at, end);
                size = (int) value;
                if (from < 0 || value >>> 31 != 0) {
                    return BAD;
                }
            }
        }
        inside = from;
        return size > end - from ? BAD : from + size;
    }

    /** Of eight bytes at once: the first that has its high bit clear is the last. */
    private static int behindVarint(byte[] array, int at, int end) {
        if (at < end && array[at] >= 0) {
            return at + 1;
        }
        if (end - at >= MAX_VARINT_BYTES) {
            long last = ~(long) LITTLE_ENDIAN_LONG.get(array, at) & 0x8080_8080_8080_8080L;
            if (last != 0) {
                return at + (Long.numberOfTrailingZeros(last) >>> 3) + 1;
            }
            return array[at + 8] >= 0 ? at + 9 : array[at + 9] >= 0 ? at + 10 : BAD;
        }
        for (int i = at; i < end; i++) {
            if (array[i] >= 0) {
                return i + 1;
            }
        }
        return BAD;
    }

    private int varint(byte[] array, int at, int end) {
        if (at < end && array[at] >= 0) {
            value = array[at];
            return at + 1;
        }
        return longVarint(array, at, end);
    }

    private int longVarint(byte[] array, int offset, int end) {
        long sum = 0;
        int at = offset;
        for (int shift = 0; shift < MAX_VARINT_BITS && at < end; shift += 7) {
            byte next = array[at++];
            sum |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                value = sum;
                return at;
            }
        }
        return BAD;
    }

    /** Where the packet begins that was found. */
    public int start() {
        return start;
    }

    /** How many bytes it has. */
    public int length() {
        return length;
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

    /** When the node heard it, in seconds since 1970, or 0. */
    public int rxTime() {
        return rxTime;
    }

    /** How well it heard it, in dB, or 0. */
    public float rxSnr() {
        return rxSnr;
    }

    /** How many hops it has left. */
    public int hopLimit() {
        return hopLimit;
    }

    /** How many it had at first, or 0 if that is not known. */
    public int hopStart() {
        return hopStart;
    }

    /** Whether it crossed an MQTT broker. */
    public boolean isViaMqtt() {
        return viaMqtt;
    }
}
