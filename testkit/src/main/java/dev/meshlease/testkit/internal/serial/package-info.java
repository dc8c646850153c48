/** Simulated nodes on byte streams, where a serial port would be: the streams and the two threads that each pair of them needs. */
@NullMarked
package dev.meshlease.testkit.internal.serial;

import org.jspecify.annotations.NullMarked;
