package dev.meshlease.internal.loop;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Randomness for all threads, unpredictable in its seed only: good for ids and jitter, not for keys. */
final class SharedRandom implements RandomGenerator {
    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }
}
