package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.MeshPacket;

/**
 * A packet of a recording.
 *
 * @param atNanos when it came, since the recording's first packet
 * @param packet the packet
 */
public record TimedPacket(long atNanos, MeshPacket packet) {}
