package dev.meshlease.internal.frame;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** A sink that keeps the payloads it accepted, as hex, and the arrays in which they came. */
final class Collector implements FrameSink {
    final List<String> payloads = new ArrayList<>();
    final List<byte[]> arrays = new ArrayList<>();
    final ByteArrayOutputStream noise = new ByteArrayOutputStream();
    long acceptedBytes;
    private final Predicate<byte[]> isMessage;

    private Collector(Predicate<byte[]> isMessage) {
        this.isMessage = isMessage;
    }

    static Collector ofAll() {
        return new Collector(payload -> true);
    }

    static Collector of(Predicate<byte[]> isMessage) {
        return new Collector(isMessage);
    }

    @Override
    public boolean frame(byte[] array, int offset, int length) {
        byte[] payload = Arrays.copyOfRange(array, offset, offset + length);
        if (!isMessage.test(payload)) {
            return false;
        }
        payloads.add(Bytes.hex(payload));
        arrays.add(array);
        acceptedBytes += FrameDecoder.HEADER_BYTES + length;
        return true;
    }

    @Override
    public void skipped(byte[] array, int offset, int length) {
        noise.write(array, offset, length);
    }
}
