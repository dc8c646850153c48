/** Benchmarks of frames: finding them, and looking into them. */
@NullMarked
package dev.meshlease.examples.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
