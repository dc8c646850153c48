package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.spi.Loop;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the loop is asked to do for one link. From any thread. */
record LinkTasks(Loop loop, Endpoint endpoint) {
    private static final Logger LOG = LoggerFactory.getLogger(LinkTasks.class);

    /**
     * @throws LeaseClosedException if the registry is closed
     */
    void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            throw new LeaseClosedException(endpoint + ": the registry is closed", endpoint, null, closed);
        }
    }

    /** For what has nothing left to do once the registry is closed. */
    void postIfOpen(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.trace("{}: the registry is closed", endpoint, closed);
        }
    }
}
