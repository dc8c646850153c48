/**
 * A small bot whose four components share one link, each by a lease of its own. An example to copy from: start at {@code SharedRun} for
 * the whole, at {@code EchoCommand} for a component, at {@code Quickstart} for the least that works. Opens no sockets itself.
 */
@NullMarked
package dev.meshlease.examples.meshbot;

import org.jspecify.annotations.NullMarked;
