package dev.meshlease.testkit.contract;

import java.time.Duration;

/** A store in memory that answers on threads of its own. */
class MemoryClaimsInRealTimeTest extends LinkClaimsContract {
    @Override
    protected ClaimsWorld newWorld() {
        return MemoryClaimsWorld.real(Duration.ofMillis(1));
    }
}
