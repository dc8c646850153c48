package dev.meshlease.testkit.internal.firmware;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's state in its file: a second after it has changed, and when the node goes down. A process that is killed loses the
 * changes of its last second. On the node's thread.
 */
final class StateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
    private static final Duration DELAY = Duration.ofSeconds(1);

    private final NodeHost world;
    private final @Nullable StateFile file;
    private final Supplier<List<DumpFrame>> state;
    private boolean unsaved;
    private boolean planned;

    /**
     * @param file where to keep it, or null for nowhere
     * @param state what is to be kept at the moment
     */
    StateKeeper(NodeHost world, @Nullable StateFile file, Supplier<List<DumpFrame>> state) {
        this.world = world;
        this.file = file;
        this.state = state;
    }

    void changed() {
        if (file == null) {
            return;
        }
        unsaved = true;
        if (!planned) {
            planned = true;
            world.schedule(DELAY.toNanos(), () -> {
                planned = false;
                trySave();
            });
        }
    }

    /** Saves what has changed; if that fails, the log says so, and the next change or the end tries again. */
    void trySave() {
        try {
            save();
        } catch (UncheckedIOException failed) {
            LOG.warn("A simulated node goes on with its state unsaved: {}", failed.toString());
        }
    }

    /**
     * Saves what has changed.
     *
     * @throws UncheckedIOException if that is not possible
     */
    void save() {
        if (file != null && unsaved) {
            file.write(state.get());
            unsaved = false;
        }
    }
}
