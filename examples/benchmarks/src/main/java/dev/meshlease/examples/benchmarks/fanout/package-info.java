/** Benchmarks of a link's way from bytes to the listeners of its leases. */
@NullMarked
package dev.meshlease.examples.benchmarks.fanout;

import org.jspecify.annotations.NullMarked;
