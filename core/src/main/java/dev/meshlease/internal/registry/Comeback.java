package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Target;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a device that is missing is plugged in again, while its link waits to connect to it. To look costs nobody anything, so it is
 * done often; and in silence, since it changes nothing until there is something.
 *
 * <p><b>Threading:</b> the loop only. One question at a time: one that is never answered is not asked again, and leaves the link to its
 * usual waits.
 */
final class Comeback {
    private static final Logger LOG = LoggerFactory.getLogger(Comeback.class);

    static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What has just come is still being set up: its permissions, its other names. Or it is but a boot loader, and goes again. */
    static final long SETTLING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Endpoint endpoint;
    private final Loop loop;
    private final Supplier<CompletionStage<Target>> locate;
    private final BooleanSupplier isMissing;
    private final Runnable came;
    private boolean isWatching;
    private boolean isAsking;
    private boolean wasThere;
    private Loop.@Nullable Timer timer;

    /**
     * @param locate where the device is
     * @param isMissing whether a link that is backing off waits for its device and for nothing else
     * @param came told when the device has been there for a moment, and still is; not from inside {@link #moved}
     */
    Comeback(
            Endpoint endpoint,
            Loop loop,
            Supplier<CompletionStage<Target>> locate,
            BooleanSupplier isMissing,
            Runnable came) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.locate = locate;
        this.isMissing = isMissing;
        this.came = came;
    }

    /** The link has come to another status. */
    void moved(LinkStatus next) {
        stop();
        wasThere = false;
        isWatching = next.state() == LinkState.BACKING_OFF && isMissing.getAsBoolean();
        if (isWatching) {
            lookLater();
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void lookLater() {
        in(PERIOD_NANOS, this::look);
    }

    private void in(long nanos, Runnable what) {
        stop();
        timer = loop.schedule(nanos, () -> {
            timer = null;
            what.run();
        });
    }

    private void look() {
        if (isAsking) {
            return; // From here on, until there is an answer.
        }
        isAsking = true;
        try {
            var unused = locate.get().whenComplete((found, failure) -> answered(found != null && failure == null));
        } catch (RuntimeException | Error broken) { // A transport's own, perhaps; this is the loop.
            LOG.debug("{}: looking for the device failed", endpoint, broken);
            answered(false);
        }
    }

    /** On any thread. */
    private void answered(boolean isThere) {
        try {
            loop.execute(() -> judge(isThere));
        } catch (RejectedExecutionException closed) {
            LOG.trace("{}: the registry is closed", endpoint, closed);
        }
    }

    private void judge(boolean isThere) {
        isAsking = false;
        if (isWatching && timer == null) {
            boolean hasStayed = isThere && wasThere;
            wasThere = isThere;
            if (hasStayed) {
                came.run();
            } else if (isThere) {
                in(SETTLING_NANOS, this::look);
            } else {
                lookLater();
            }
        }
    }
}
