package dev.meshlease.testkit.contract;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.LossCause;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import java.util.function.BooleanSupplier;

/**
 * Where a contract is tried out: how nodes come to be, how registries reach them, and how time passes. Made anew for each test. Whoever writes
 * a transport implements it, and has the contracts tried out over that transport.
 *
 * <p><b>Threading:</b> one thread, that of the test.
 */
public interface ContractWorld extends AutoCloseable {
    /** Starts a node that registries of this world can reach. */
    SimulatedNode start(SimulatedNodeBuilder node);

    /** A builder of registries that have the transport under test. */
    LinkRegistryBuilder registry();

    /**
     * Where registries of this world reach a node that it has started. That is where the node itself says that it is, unless something lies in
     * between: over a serial port it is the port. Each connection there is to be one that the node counts. If what lies in between takes a
     * moment to see that one has ended, this waits for it, and so does {@link #eventually}.
     *
     * @return the same each time
     */
    default Endpoint endpoint(SimulatedNode node) {
        return node.endpoint();
    }

    /** Another spelling of {@link #endpoint}. Where there are several, the next each time. */
    Endpoint respelled(SimulatedNode node);

    /** A well-formed endpoint where nobody listens. */
    Endpoint nobody();

    /** How a link tells that the node has ended its connection in order: over TCP {@link LossCause#END_OF_STREAM}, the default. */
    default LossCause hungUp() {
        return LossCause.END_OF_STREAM;
    }

    /** How a link tells that there is nobody at {@link #nobody}: over TCP {@link LossCause#REFUSED}, the default. */
    default LossCause nobodyThere() {
        return LossCause.REFUSED;
    }

    /** Waits, within bounds, until something holds; fails the test if it does not. */
    void eventually(String what, BooleanSupplier holds);

    /** Ends everything this world has started. */
    @Override
    void close();
}
