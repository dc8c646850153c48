/**
 * The command line of the benchmarks. What they have in common is in {@code harness}; the benchmarks are in a package per subject, and
 * {@link dev.meshlease.examples.benchmarks.Catalogue} lists them.
 */
@NullMarked
package dev.meshlease.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
