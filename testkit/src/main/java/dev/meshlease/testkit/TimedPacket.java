package dev.meshlease.testkit;

import dev.meshlease.proto.MeshPacket;

/**
 * A packet of a recording.
 *
 * @param atNanos when it came, since the recording's first packet
 * @param packet the packet
 */
record TimedPacket(long atNanos, MeshPacket packet) {}
