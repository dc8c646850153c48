package dev.meshlease.internal.link;

import dev.meshlease.LinkOptions;
import dev.meshlease.NodeSnapshot;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a node is asked to tell of itself: all there is, or all but the other nodes while those are known from before. */
final class Wishes {
    private final LinkOptions options;
    private final RandomGenerator random;
    private @Nullable NodeSnapshot former;

    Wishes(LinkOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    /** The node told this. */
    void fulfilled(NodeSnapshot snapshot) {
        former = snapshot;
    }

    /** For a new session. */
    Handshake next(Moment now) {
        NodeSnapshot known = former;
        boolean isFresh = known != null
                && Duration.between(known.nodesTakenAt(), now.wall()).compareTo(options.keepNodeDatabase()) <= 0;
        return options.nodeDatabase() && isFresh && !options.keepNodeDatabase().isZero()
                ? new Handshake(Handshake.NONCE_WITHOUT_NODES, known)
                : whole();
    }

    /** For all that the options ask for, whatever is known. */
    Handshake whole() {
        return new Handshake(Handshake.nonce(options.nodeDatabase(), random), null);
    }
}
