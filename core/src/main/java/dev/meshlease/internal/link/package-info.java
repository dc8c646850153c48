/**
 * The protocol engine of one link: life cycle, handshake, outbox, liveness. Sans-IO: it knows no socket, no thread and no clock. Events
 * come in with the moment they happen at, effects go out through {@link dev.meshlease.internal.link.Connection} and {@link dev.meshlease.internal.link.Audience}.
 */
@NullMarked
package dev.meshlease.internal.link;

import org.jspecify.annotations.NullMarked;
