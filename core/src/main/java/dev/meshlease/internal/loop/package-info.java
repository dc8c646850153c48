/**
 * Threads and time: the loop that drives all links, the pools beside it, the system's clock, names and randomness. Knows nothing of
 * links, leases or protocols.
 */
@NullMarked
package dev.meshlease.internal.loop;

import org.jspecify.annotations.NullMarked;
