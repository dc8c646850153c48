package dev.meshlease.serial;

/**
 * A port that is open, until it is closed, whatever becomes of the device meanwhile.
 *
 * <p><b>Threading:</b> one thread may read while another writes; {@link #close} and {@link #unsent} are for any. No method throws.
 */
interface OpenPort {
    /**
     * Waits for bytes, for as long as it takes.
     *
     * @return how many came; 0 if it returned without any; -1 once the port is closed or the device is lost
     */
    int read(byte[] into);

    /**
     * Waits until the driver has taken all the bytes, for as long as it takes.
     *
     * @return how many it took; less than all, or -1, once the port is closed or the device is lost
     */
    int write(byte[] bytes);

    /** How many bytes the driver still has; 0 or less if there are none, or it does not tell. */
    int unsent();

    /** Ends both waits and gives the port back. What the driver still has is lost. Idempotent. */
    void close();
}
