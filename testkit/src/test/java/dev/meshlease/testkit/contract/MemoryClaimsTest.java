package dev.meshlease.testkit.contract;

import java.time.Duration;

/** A store in memory that answers before the call returns. */
class MemoryClaimsTest extends LinkClaimsContract {
    @Override
    protected ClaimsWorld newWorld() {
        return MemoryClaimsWorld.virtual(Duration.ZERO);
    }
}
