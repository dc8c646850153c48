package dev.meshlease.verification.junit;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualTime;
import dev.meshlease.testkit.junit.Simulated;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link JUnitVersionsIT} runs it: two tests, both fail, and their failures say with which seed to run them again. */
class FailingSample {
    @Simulated
    SimulatedNode node;

    private boolean failAfterwards;

    @Test
    void fails() {
        throw new AssertionError("on purpose, in the test");
    }

    @Test
    void looks_fine(VirtualTime time) {
        failAfterwards = true;
    }

    @AfterEach
    void fails_afterwards() {
        if (failAfterwards) {
            throw new AssertionError("on purpose, afterwards");
        }
    }
}
