/**
 * The registry: which links there are, under which keys they are claimed, and how an engine, a transport and the leases of one link are
 * put together.
 */
@NullMarked
package dev.meshlease.internal.registry;

import org.jspecify.annotations.NullMarked;
