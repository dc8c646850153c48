package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import java.util.List;

/** What stands between the firmware and all its connections, and may bring them into trouble. On the node's thread. */
public interface Interference {
    /**
     * Takes a place on a connection: the firmware knows the line instead of the wire, the wire the line instead of the session.
     *
     * @param name the connection's name for witnesses
     */
    Line between(String name, ClientWire wire);

    /** Brings faults in. */
    Injection inject(List<Fault> faults);

    /** The faults that were there from the start. */
    Injection initial();

    /** How often faults have struck. */
    int strikes();

    /** Ends all faults; nothing is late or held up any more. */
    void end();
}
