package dev.meshlease.internal.lease;

import dev.meshlease.Endpoint;
import dev.meshlease.WaitInterruptedException;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.internal.link.Due;
import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Blocking waits, all through the loop. */
public final class Waits {
    private Waits() {}

    /**
     * Waits for a condition.
     *
     * @param story what to say when patience runs out
     * @throws WaitTimeoutException if patience ran out
     * @throws WaitInterruptedException if interrupted; the flag is set again
     */
    static void await(
            Loop loop,
            BooleanSupplier done,
            Duration patience,
            Endpoint endpoint,
            String holder,
            Function<Duration, String> story) {
        try {
            if (!loop.await(done, Due.nanos(patience))) {
                throw new WaitTimeoutException(endpoint + ": " + story.apply(patience), endpoint, holder, null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted(endpoint, holder, interrupted);
        }
    }

    public static WaitInterruptedException interrupted(
            Endpoint endpoint, @Nullable String holder, InterruptedException cause) {
        return new WaitInterruptedException(endpoint + ": the wait was interrupted", endpoint, holder, cause);
    }
}
