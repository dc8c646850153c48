package dev.meshlease.spi;

import java.time.InstantSource;

/** A clock with two faces: the wall ({@link #instant()}) for people, and a monotonic one for measuring. */
public interface TimeSource extends InstantSource {
    /** Nanoseconds since an arbitrary origin; never runs backwards. Only differences mean anything. */
    long nanoTime();
}
