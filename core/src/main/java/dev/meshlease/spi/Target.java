package dev.meshlease.spi;

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
     * Starts one physical connection and returns before any event.
     *
     * @param permit the right to connect; the implementation redeems it first of all
     * @param loop where all work and all events happen
     * @param events told of everything that happens; never from inside this call
     * @return the connection, which is not open before {@link ByteLinkListener#opened()}
     */
    ByteLink connect(Permit permit, Loop loop, ByteLinkListener events);
}
