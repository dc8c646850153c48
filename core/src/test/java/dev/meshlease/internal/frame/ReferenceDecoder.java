package dev.meshlease.internal.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The meaning of a whole stream, as slowly and plainly as it can be said; what {@link FrameDecoder} must agree with. */
record ReferenceDecoder(List<String> payloads, long skipped, long rejected, int pending) {
    static ReferenceDecoder decode(byte[] stream, Predicate<byte[]> isMessage) {
        List<String> payloads = new ArrayList<>();
        long skipped = 0;
        long rejected = 0;
        byte[] rest = stream;
        while (rest.length > 0) {
            if (isUndecided(rest)) {
                return new ReferenceDecoder(payloads, skipped, rejected, rest.length);
            }
            int consumed = 1;
            if (isFrame(rest)) {
                byte[] payload = Arrays.copyOfRange(rest, 4, 4 + length(rest));
                if (isMessage.test(payload)) {
                    payloads.add(Bytes.hex(payload));
                    consumed = 4 + payload.length;
                } else {
                    rejected++;
                    skipped++;
                }
            } else {
                skipped++;
            }
            rest = Arrays.copyOfRange(rest, consumed, rest.length);
        }
        return new ReferenceDecoder(payloads, skipped, rejected, 0);
    }

    private static boolean isUndecided(byte[] rest) {
        return switch (rest.length) {
            case 1 -> at(rest, 0) == 0x94;
            case 2, 3 -> isStart(rest);
            default -> isStart(rest) && length(rest) <= 512 && rest.length < 4 + length(rest);
        };
    }

    private static boolean isFrame(byte[] rest) {
        return rest.length >= 4 && isStart(rest) && length(rest) <= 512 && rest.length >= 4 + length(rest);
    }

    private static boolean isStart(byte[] rest) {
        return at(rest, 0) == 0x94 && at(rest, 1) == 0xC3;
    }

    private static int length(byte[] rest) {
        return at(rest, 2) * 256 + at(rest, 3);
    }

    private static int at(byte[] bytes, int index) {
        return Byte.toUnsignedInt(bytes[index]);
    }
}
