/**
 * What a transport or a test environment implements. Nothing here knows of links or leases: addresses come as text, failures go as
 * evidence ({@link dev.meshlease.spi.Loss}), and time, randomness and threads come from an {@link dev.meshlease.spi.Environment}.
 */
@NullMarked
package dev.meshlease.spi;

import org.jspecify.annotations.NullMarked;
