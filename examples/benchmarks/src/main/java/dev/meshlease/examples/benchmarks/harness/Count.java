package dev.meshlease.examples.benchmarks.harness;

/**
 * What was counted.
 *
 * @param what the name of the figure, such as {@code threads}
 * @param value the figure
 * @param circumstances what it was counted under, such as {@code nodes=200}
 */
public record Count(String what, long value, String circumstances) {}
