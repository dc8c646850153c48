package dev.meshlease.tcp;

import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.contract.ContractWorld;
import dev.meshlease.testkit.contract.SharingContract;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SharingOverTcpIT extends SharingContract {
    @Override
    protected ContractWorld newWorld() {
        return new TcpWorld();
    }

    @Override
    protected Transport newTransport() {
        return new TcpTransport();
    }
}
