package dev.meshlease.serial;

import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.MessagingContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessagingOverPtyIT extends MessagingContract {
    @BeforeAll
    static void needsPseudoTerminals() {
        String unused = Pty.socat();
    }

    @Override
    protected ContractWorld newWorld() {
        return new PtyWorld();
    }
}
