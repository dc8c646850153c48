/** Benchmarks of the simulated node. */
@NullMarked
package dev.meshlease.examples.benchmarks.simulator;

import org.jspecify.annotations.NullMarked;
