/**
 * Simulated nodes, in memory and over TCP, and virtual time. Needs nothing but the core: what belongs to a test framework lives in the
 * packages below.
 */
@NullMarked
package dev.meshlease.testkit;

import org.jspecify.annotations.NullMarked;
