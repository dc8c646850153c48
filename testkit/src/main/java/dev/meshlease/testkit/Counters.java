package dev.meshlease.testkit;

/** The node's counters. On its thread. */
final class Counters {
    int accepted;
    int evictions;
    int repeatedIds;
    int rateLimited;
    int undecodable;
    int phoneQueue;
    int queueStatuses;

    SilentDrops silentDrops() {
        return new SilentDrops(repeatedIds, rateLimited, undecodable, phoneQueue, queueStatuses);
    }
}
