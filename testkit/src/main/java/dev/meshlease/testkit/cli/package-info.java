/** The command line: a simulated node as a process of its own, in the place of {@code meshtasticd}. Nothing else knows of it. */
@NullMarked
package dev.meshlease.testkit.cli;

import org.jspecify.annotations.NullMarked;
