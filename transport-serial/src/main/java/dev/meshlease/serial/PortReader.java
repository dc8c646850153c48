package dev.meshlease.serial;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that waits for a port's bytes and puts them into the inflow; no more than that. It ends with the port. */
final class PortReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PortReader.class);
    private static final int BUFFER_BYTES = 4096;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How many reads may give nothing, one after another: some drivers let a read of a lost device return at once, for ever. */
    private static final int MOST_EMPTY_READS = 50;

    private final OpenPort port;
    private final Inflow inflow;
    private final Runnable onEnd;

    /** @param onEnd told, on this thread, that the last byte is in the inflow */
    PortReader(OpenPort port, Inflow inflow, Runnable onEnd) {
        this.port = port;
        this.inflow = inflow;
        this.onEnd = onEnd;
    }

    @Override
    public void run() {
        try {
            read();
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError failure) {
            LOG.debug("The port failed", failure);
        } finally {
            onEnd.run();
        }
    }

    private void read() throws InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int empty = 0;
        while (empty < MOST_EMPTY_READS) {
            int count = port.read(buffer);
            if (count < 0 || (count > 0 && !inflow.put(buffer, count))) {
                return;
            }
            if (count > 0) {
                empty = 0;
            } else {
                empty++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
