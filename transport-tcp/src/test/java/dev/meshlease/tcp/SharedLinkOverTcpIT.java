package dev.meshlease.tcp;

import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.SharedLinkContract;

class SharedLinkOverTcpIT extends SharedLinkContract {
    @Override
    protected ContractWorld newWorld() {
        return new TcpWorld();
    }
}
