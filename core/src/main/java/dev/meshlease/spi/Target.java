package dev.meshlease.spi;

import java.util.Optional;
import java.util.Set;

/**
 * What an address stood for when it was last looked up: the keys under which it is claimed, and the way to connect to it.
 *
 * <p><b>Threading:</b> immutable; {@link #connect} is called on the loop only.
 */
public interface Target {
    /** The canonical keys of the address, one for each place it leads to. Never empty. */
    Set<LinkKey> keys();

    /**
     * Whether what answers there is the serial console of a node rather than its network server. A console keeps one session for as long
     * as the firmware runs: where a server closes the connection, because its client said nothing for 15 minutes or because the node
     * restarted, the console goes on answering heartbeats and delivers nothing. So the link watches it more closely, and takes up a lost
     * session anew over the same connection: to open a port again may restart the node.
     *
     * @return false unless overridden
     */
    default boolean isConsole() {
        return false;
    }

    /**
     * Who can tell of other connections from this machine to where this leads. What it finds is shown in the link's status; it decides nothing.
     *
     * @return empty unless overridden: nobody can tell
     */
    default Optional<Lookout> lookout() {
        return Optional.empty();
    }

    /**
     * Starts one physical connection and returns before any event.
     *
     * @param permit the right to connect; the implementation redeems it first of all
     * @param loop where all work and all events happen
     * @param events told of everything that happens; never from inside this call
     * @return the connection, which is not open before {@link ByteLinkListener#opened()}
     */
    ByteLink connect(Permit permit, Loop loop, ByteLinkListener events);
}
