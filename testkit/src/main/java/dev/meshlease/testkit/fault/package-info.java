/**
 * What can go wrong between a simulated node and its clients, as values: faults, the points at which they strike, and what became of
 * them. Knows nothing of nodes that run.
 */
@NullMarked
package dev.meshlease.testkit.fault;

import org.jspecify.annotations.NullMarked;
