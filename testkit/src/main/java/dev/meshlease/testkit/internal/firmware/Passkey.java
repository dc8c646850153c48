package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import java.time.Duration;

/** What a remote administrator must show with each change: it comes with every answer, is renewed after 150 s and good for 5 min. */
final class Passkey {
    private static final int BYTES = 8;
    private static final Duration RENEWAL = Duration.ofSeconds(150);
    private static final Duration VALIDITY = Duration.ofMinutes(5);

    private final Firmware firmware;
    private ByteString key = ByteString.EMPTY;
    private long issuedNanos;

    Passkey(Firmware firmware) {
        this.firmware = firmware;
    }

    /** The one that goes with an answer now. */
    ByteString issue() {
        if (key.isEmpty() || ageNanos() >= RENEWAL.toNanos()) {
            byte[] fresh = new byte[BYTES];
            firmware.random().nextBytes(fresh);
            key = ByteString.copyFrom(fresh);
            issuedNanos = firmware.nanoTime();
        }
        return key;
    }

    boolean admits(ByteString shown) {
        return !key.isEmpty() && key.equals(shown) && ageNanos() < VALIDITY.toNanos();
    }

    private long ageNanos() {
        return firmware.nanoTime() - issuedNanos;
    }
}
