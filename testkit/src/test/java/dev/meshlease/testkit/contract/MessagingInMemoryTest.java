package dev.meshlease.testkit.contract;

class MessagingInMemoryTest extends MessagingContract {
    @Override
    protected ContractWorld newWorld() {
        return new VirtualWorld();
    }
}
