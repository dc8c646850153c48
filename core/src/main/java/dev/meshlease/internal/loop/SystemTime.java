package dev.meshlease.internal.loop;

import dev.meshlease.spi.TimeSource;
import java.time.Instant;

/** The system's clocks. */
final class SystemTime implements TimeSource {
    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
