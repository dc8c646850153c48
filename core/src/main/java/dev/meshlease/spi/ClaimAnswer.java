package dev.meshlease.spi;

import java.util.Objects;

/** What a store says to a claim. */
public sealed interface ClaimAnswer {
    /**
     * It is the asker's.
     *
     * @param claim to give it back by
     */
    record Granted(Claim claim) implements ClaimAnswer {
        public Granted {
            Objects.requireNonNull(claim, "claim");
        }
    }

    /**
     * Somebody else has it.
     *
     * @param by who
     */
    record Refused(ClaimHolder by) implements ClaimAnswer {
        public Refused {
            Objects.requireNonNull(by, "by");
        }
    }
}
