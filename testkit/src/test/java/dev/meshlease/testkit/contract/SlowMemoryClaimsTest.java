package dev.meshlease.testkit.contract;

import java.time.Duration;

/** A store in memory that takes its time, which is virtual. */
class SlowMemoryClaimsTest extends LinkClaimsContract {
    @Override
    protected ClaimsWorld newWorld() {
        return MemoryClaimsWorld.virtual(Duration.ofMillis(70));
    }
}
