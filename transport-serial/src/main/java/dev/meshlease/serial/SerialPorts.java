package dev.meshlease.serial;

/**
 * All that a link needs of this machine's serial ports.
 *
 * <p><b>Threading:</b> safe from any thread; blocks.
 */
interface SerialPorts {
    /**
     * Opens a port at 115200 baud, 8N1, without flow control.
     *
     * @param path of the device itself, symbolic links resolved
     * @param lines what becomes of DTR and RTS
     * @return the open port; whoever gets it closes it
     * @throws PortException if it cannot be opened
     */
    OpenPort open(String path, ModemLines lines) throws PortException;

    /**
     * Looks and opens when it is this opening's turn: ports are opened one by one, and a device that hangs holds up the others for seconds,
     * after which what was seen before may not be true any more.
     *
     * @param opening looks at the port first, then opens it here
     */
    default OpenPort inTurn(PortOpener opening) throws PortException {
        return opening.open();
    }
}
