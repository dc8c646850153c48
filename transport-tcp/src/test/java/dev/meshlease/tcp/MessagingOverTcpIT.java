package dev.meshlease.tcp;

import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.MessagingContract;

class MessagingOverTcpIT extends MessagingContract {
    @Override
    protected ContractWorld newWorld() {
        return new TcpWorld();
    }
}
