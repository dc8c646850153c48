/**
 * What a simulated node is made of, as values: its behaviour point by point, the variants that group them, and what it has seen. Knows
 * nothing of nodes that run.
 */
@NullMarked
package dev.meshlease.testkit.node;

import org.jspecify.annotations.NullMarked;
