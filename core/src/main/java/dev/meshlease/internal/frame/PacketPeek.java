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
            long tag = value;
            if (at < 0 || tag >>> 32 != 0) {
                return false;
            }
            int field = (int) tag >>> 3;
            if (tag == (PACKET << 3 | LENGTH) && !found) {
                found = true;
                at = behind(array, at, end);
                length = (int) value;
                start = at - length;
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
        return fields(array, offset, offset + size, false);
    }

    /** Reads the fields of a packet, or of the data in it. */
    private boolean fields(byte[] array, int offset, int end, boolean isData) {
        boolean hasPayload = false;
        int at = offset;
        while (at < end) {
            at = varint(array, at, end);
            long tag = value;
            if (at < 0 || tag >>> 32 != 0 || tag >>> 3 == 0) {
                return false;
            }
            int field = (int) tag >>> 3;
            switch ((int) tag & 7) {
                case FIXED32 -> {
                    if (end - at < 4) {
                        return false;
                    }
                    fixed32(field, (int) LITTLE_ENDIAN_INT.get(array, at), isData);
                    at += 4;
                }
                case VARINT -> {
                    at = varint(array, at, end);
                    varint(field, value, isData);
                }
                case LENGTH -> {
                    int behind = behind(array, at, end);
                    if (!isData && (field == DECODED || field == ENCRYPTED)) {
                        if (behind < 0 || hasPayload) {
                            return false;
                        }
                        hasPayload = true;
                        if (field == DECODED) {
                            port = 0;
                            if (!fields(array, behind - (int) value, behind, true)) {
                                return false;
                            }
                        }
                    }
                    at = behind;
                }
                default -> at = skip(tag, array, at, end);
            }
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    private void fixed32(int field, int bits, boolean isData) {
        if (isData) {
            switch (field) {
                case 6 -> requestId = bits;
                case 7 -> replyId = bits;
                default -> {}
            }
            return;
        }
        switch (field) {
            case 1 -> from = bits;
            case 2 -> to = bits;
            case 6 -> id = bits;
            case 7 -> rxTime = bits;
            case 8 -> rxSnr = Float.intBitsToFloat(bits);
            default -> {}
        }
    }

    private void varint(int field, long number, boolean isData) {
        if (isData) {
            if (field == 1) {
                port = (int) number;
            }
            return;
        }
        switch (field) {
            case 3 -> channel = (int) number;
            case 9 -> hopLimit = (int) number;
            case 14 -> viaMqtt = number != 0;
            case 15 -> hopStart = (int) number;
            default -> {}
        }
    }

    // Each of these returns the place behind what it has read, or BAD.

    private int skip(long tag, byte[] array, int at, int end) {
        return switch ((int) tag & 7) {
            case VARINT -> varint(array, at, end);
            case LENGTH -> behind(array, at, end);
            case FIXED32 -> end - at < 4 ? BAD : at + 4;
            case FIXED64 -> end - at < 8 ? BAD : at + 8;
            default -> BAD;
        };
    }

    /** Behind what begins with its length. */
    private int behind(byte[] array, int offset, int end) {
        int at = varint(array, offset, end);
        return at < 0 || value < 0 || value > end - at ? BAD : at + (int) value;
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
