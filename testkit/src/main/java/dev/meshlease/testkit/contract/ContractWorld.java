package dev.meshlease.testkit.contract;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import java.util.function.BooleanSupplier;

/** Where a contract is tried out: how nodes come to be, how registries reach them, and how time passes. Made anew for each test. */
public interface ContractWorld extends AutoCloseable {
    /** Starts a node that registries of this world can reach. */
    SimulatedNode start(SimulatedNodeBuilder node);

    /** A builder of registries that have the transport under test. */
    LinkRegistryBuilder registry();

    /** Another spelling of the node's endpoint. */
    Endpoint respelled(SimulatedNode node);

    /** A well-formed endpoint where nobody listens. */
    Endpoint nobody();

    /** Waits, within bounds, until something holds; fails the test if it does not. */
    void eventually(String what, BooleanSupplier holds);

    /** Ends everything this world has started. */
    @Override
    void close();
}
