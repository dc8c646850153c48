package dev.meshlease.internal.link;

import dev.meshlease.LossCause;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** From what was seen of a connection to what it means. Keeps the first bytes, which give away what answers on a wrong port. */
final class Evidence {
    private static final int SAMPLE_BYTES = 48;

    private final byte[] sample = new byte[SAMPLE_BYTES];
    private int sampled;

    void saw(ByteBuffer bytes) {
        int more = Math.min(SAMPLE_BYTES - sampled, bytes.remaining());
        bytes.get(bytes.position(), sample, sampled, more);
        sampled += more;
    }

    /** What came instead of frames, for a person; control characters become dots. */
    String sample() {
        String text = new String(sample, 0, sampled, StandardCharsets.ISO_8859_1);
        return '\'' + text.replaceAll("[^\\x20-\\x7e]", ".") + '\'';
    }

    static LossCause cause(Loss.Kind kind) {
        return switch (kind) {
            case CLOSED -> LossCause.CLOSED_BY_US;
            case REFUSED -> LossCause.REFUSED;
            case UNREACHABLE -> LossCause.UNREACHABLE;
            case TIMED_OUT -> LossCause.TIMED_OUT;
            case RESET -> LossCause.RESET;
            case END_OF_STREAM -> LossCause.END_OF_STREAM;
            case NO_SUCH_DEVICE -> LossCause.NO_SUCH_DEVICE;
            case BUSY -> LossCause.BUSY;
            case NOT_PERMITTED -> LossCause.NOT_PERMITTED;
            case UNAVAILABLE -> LossCause.UNAVAILABLE;
            case FAILED -> LossCause.DEVICE;
        };
    }
}
