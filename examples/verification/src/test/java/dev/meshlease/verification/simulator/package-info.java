/** The simulated node as a process of its own. */
@NullMarked
package dev.meshlease.verification.simulator;

import org.jspecify.annotations.NullMarked;
