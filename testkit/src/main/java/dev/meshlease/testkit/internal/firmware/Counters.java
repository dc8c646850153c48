package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.SilentDrops;

/** The node's counters. On its thread. */
public final class Counters {
    public int accepted;
    public int evictions;
    public int mute;
    int repeatedIds;
    int rateLimited;
    int undecodable;
    int phoneQueue;
    int queueStatuses;

    public SilentDrops silentDrops() {
        return new SilentDrops(repeatedIds, rateLimited, undecodable, phoneQueue, queueStatuses);
    }
}
