/**
 * A small bot whose parts share one link, each by a lease of its own.
 */
@NullMarked
package dev.meshlease.examples.meshbot;

import org.jspecify.annotations.NullMarked;
