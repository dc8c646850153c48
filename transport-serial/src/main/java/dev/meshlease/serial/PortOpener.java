package dev.meshlease.serial;

/** Opens one port, on a thread that may wait. */
@FunctionalInterface
interface PortOpener {
    /**
     * Opens it.
     *
     * @throws PortException if it cannot be opened
     */
    OpenPort open() throws PortException;
}
