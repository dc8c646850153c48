package dev.meshlease.serial;

import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.SharingContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SharingOverPtyIT extends SharingContract {
    @BeforeAll
    static void needsPseudoTerminals() {
        String unused = Pty.socat();
    }

    @Override
    protected ContractWorld newWorld() {
        return new PtyWorld();
    }

    @Override
    protected Transport newTransport() {
        return HastyPorts.transport();
    }

    @Override
    protected int rounds() {
        return 2_000;
    }
}
