/**
 * The framing of the Meshtastic stream API: {@code 94 C3}, a 16-bit big-endian length, a payload of 0 to 512 bytes; the
 * same in both directions, on TCP and on serial ports. Knows bytes only: no sockets, threads or clocks, and nothing of
 * what a payload means.
 */
@NullMarked
package dev.meshlease.internal.frame;

import org.jspecify.annotations.NullMarked;
