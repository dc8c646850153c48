package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** A frame, and what has been done to it. */
final class Parcel {
    /** A byte with start and stop bit at 115200 baud. */
    private static final long BYTE_NANOS = 86_806;

    private static final int MOST_GARBAGE = 16;

    private byte[] bytes;
    private byte[] garbage = {};
    private long delayNanos;
    private boolean isLost;
    private boolean isSplit;

    /** @param bytes the frame, to be changed at will */
    Parcel(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isLost() {
        return isLost;
    }

    /** Lets a fault of frames happen to it. */
    void suffer(Fault fault, RandomGenerator random) {
        switch (fault.kind()) {
            case DROP -> isLost = true;
            case DELAY -> delayNanos += Objects.requireNonNull(fault.span()).toNanos();
            case CORRUPT -> bytes[random.nextInt(bytes.length)] ^= (byte) random.nextInt(1, 256);
            case TRUNCATE -> bytes = Arrays.copyOf(bytes, bytes.length == 1 ? 1 : random.nextInt(1, bytes.length));
            case GARBAGE -> {
                byte[] more = new byte[random.nextInt(1, MOST_GARBAGE + 1)];
                random.nextBytes(more);
                garbage = joined(more, garbage);
            }
            case SPLIT -> isSplit = true;
            default -> throw new IllegalArgumentException(fault + " does not happen to frames");
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    void goInto(Lane lane) {
        byte[] all = joined(garbage, bytes);
        if (isSplit) {
            lane.putSplit(all, delayNanos, BYTE_NANOS);
        } else {
            lane.put(all, delayNanos);
        }
    }
}
