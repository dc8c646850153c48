package dev.meshlease.internal.registry;

import dev.meshlease.spi.ByteLink;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport's connection that may throw, although it must not: what it throws must not stop the engine in the middle of a step, nor be
 * tried again for ever. A connection that cannot be used is cut, and one that cannot be cut counts as gone. Loop only.
 */
final class GuardedLink implements ByteLink {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedLink.class);

    private final ByteLink link;
    private final Consumer<Throwable> gone;
    private boolean broken;

    /**
     * @param gone told that the connection counts as gone; from inside the method that failed
     */
    GuardedLink(ByteLink link, Consumer<Throwable> gone) {
        this.link = link;
        this.gone = gone;
    }

    @Override
    public int write(ByteBuffer bytes) {
        int before = bytes.remaining();
        try {
            return broken ? skip(bytes) : link.write(bytes);
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("A transport failed to write; its connection is cut", failure);
            abort();
            skip(bytes);
            return before;
        }
    }

    /** Written to a connection that is lost. */
    private static int skip(ByteBuffer bytes) {
        int all = bytes.remaining();
        bytes.position(bytes.limit());
        return all;
    }

    @Override
    public void close() {
        if (broken) {
            return;
        }
        try {
            link.close();
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("A transport failed to close its connection, which is cut", failure);
            abort();
        }
    }

    @Override
    public void abort() {
        if (broken) {
            return;
        }
        try {
            link.abort();
        } catch (RuntimeException | LinkageError failure) {
            broken = true;
            LOG.error("A transport failed to cut its connection, which counts as gone", failure);
            gone.accept(failure);
        }
    }
}
