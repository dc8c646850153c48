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
    private static final int LAST_VARIANT = 19;
    private static final int MAX_VARINT_BITS = 70;
    private static final int BAD = -1;
    private static final VarHandle LITTLE_ENDIAN_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private long value; // Of the varint that was read last.
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
            if (at < 0) {
                return false;
            }
            long tag = value;
            if (tag == (2 << 3 | LENGTH) && !found) {
                at = varint(array, at, end);
                if (at < 0 || value < 0 || value > end - at) {
                    return false;
                }
                found = true;
                start = at;
                length = (int) value;
                at += length;
            } else if (tag >>> 3 == 1 || tag >>> 3 > LAST_VARIANT) {
                at = skip(tag, array, at, end);
                if (at < 0) {
                    return false;
                }
            } else {
                return false; // It is something else, or in several parts.
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
            long tag = array[at++];
            if (tag < 0) {
                at = varint(array, at - 1, end);
                tag = value;
                if (tag >>> 32 != 0) {
                    return false;
                }
            }
            switch ((int) tag) {
                case 1 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    from = (int) value;
                }
                case 2 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    to = (int) value;
                }
                case 3 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    channel = (int) value;
                }
                case 4 << 3 | LENGTH -> {
                    at = varint(array, at, end);
                    if (hasPayload || at < 0 || value < 0 || value > end - at) {
                        return false;
                    }
                    hasPayload = true;
                    int behind = at + (int) value;
                    if (!data(array, at, behind)) {
                        return false;
                    }
                    at = behind;
                }
                case 5 << 3 | LENGTH -> {
                    if (hasPayload) {
                        return false;
                    }
                    hasPayload = true;
                    at = skip(tag, array, at, end);
                }
                case 6 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    id = (int) value;
                }
                case 7 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    rxTime = (int) value;
                }
                case 8 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    rxSnr = Float.intBitsToFloat((int) value);
                }
                case 9 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    hopLimit = (int) value;
                }
                case 14 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    viaMqtt = value != 0;
                }
                case 15 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    hopStart = (int) value;
                }
                default -> at = at < 0 ? BAD : skip(tag, array, at, end);
            }
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean data(byte[] array, int offset, int end) {
        port = 0;
        int at = offset;
        while (at < end) {
            long tag = array[at++];
            if (tag < 0) {
                at = varint(array, at - 1, end);
                tag = value;
                if (tag >>> 32 != 0) {
                    return false;
                }
            }
            switch ((int) tag) {
                case 1 << 3 | VARINT -> {
                    at = varint(array, at, end);
                    port = (int) value;
                }
                case 6 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    requestId = (int) value;
                }
                case 7 << 3 | FIXED32 -> {
                    at = fixed32(array, at, end);
                    replyId = (int) value;
                }
                default -> at = at < 0 ? BAD : skip(tag, array, at, end);
            }
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    // Each of these returns the place behind what it has read, or BAD.

    private int skip(long tag, byte[] array, int at, int end) {
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            return BAD;
        }
        switch ((int) tag & 7) {
            case VARINT -> {
                return varint(array, at, end);
            }
            case LENGTH -> {
                int behind = varint(array, at, end);
                return behind < 0 || value < 0 || value > end - behind ? BAD : behind + (int) value;
            }
            case FIXED32 -> {
                return end - at < 4 ? BAD : at + 4;
            }
            case FIXED64 -> {
                return end - at < 8 ? BAD : at + 8;
            }
            default -> {
                return BAD;
            }
        }
    }

    private int fixed32(byte[] array, int at, int end) {
        if (at < 0 || end - at < 4) {
            return BAD;
        }
        value = (int) LITTLE_ENDIAN_INT.get(array, at);
        return at + 4;
    }

    private int varint(byte[] array, int at, int end) {
        if (at >= 0 && at < end && array[at] >= 0) {
            value = array[at];
            return at + 1;
        }
        return longVarint(array, at, end);
    }

    private int longVarint(byte[] array, int offset, int end) {
        if (offset < 0) {
            return BAD;
        }
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
