package dev.meshlease.testkit.contract;

class SharedLinkInMemoryTest extends SharedLinkContract {
    @Override
    protected ContractWorld newWorld() {
        return new VirtualWorld();
    }
}
