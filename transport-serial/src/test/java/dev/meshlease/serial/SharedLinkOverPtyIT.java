package dev.meshlease.serial;

import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.SharedLinkContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLinkOverPtyIT extends SharedLinkContract {
    @BeforeAll
    static void needsPseudoTerminals() {
        String unused = Pty.socat();
    }

    @Override
    protected ContractWorld newWorld() {
        return new PtyWorld();
    }
}
