/**
 * The TCP transport: the only main code, besides the testkit, that may open a socket.
 */
@NullMarked
package dev.meshlease.tcp;

import org.jspecify.annotations.NullMarked;
