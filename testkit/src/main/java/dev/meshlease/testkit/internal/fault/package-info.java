/**
 * Faults at work: what stands on each connection of a node, sans-IO and on the node's thread, and does to it what {@link
 * dev.meshlease.testkit.fault.Fault} says.
 */
@NullMarked
package dev.meshlease.testkit.internal.fault;

import org.jspecify.annotations.NullMarked;
