/**
 * Reserved for the serial transport, which is not part of this version. Until it is, {@code acquire("serial:…")} answers with an
 * {@code EndpointException} that names the transports found. What is here already finds out which paths lead to one port.
 */
@NullMarked
package dev.meshlease.serial;

import org.jspecify.annotations.NullMarked;
