/** What a benchmark is, and how it is run, judged and reported. Knows no benchmark and nothing of what they measure. */
@NullMarked
package dev.meshlease.examples.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
