package dev.meshlease.spi;

import java.util.concurrent.CompletionStage;

/** What becomes of a claim. From any thread; none of these blocks. */
public interface ClaimListener {
    /**
     * It may not be valid at the moment: the store cannot be reached, for instance. The link gives its connection up at once, and makes
     * another when the claim is {@link #restored}, as soon as the waits between attempts allow.
     *
     * @param why for people
     * @return completes once the connection has ended; before that nobody else should be granted the claim
     */
    CompletionStage<Void> suspended(String why);

    /**
     * It is gone: the last call for this claim. The link gives its connection up at once, and asks for the claim again before it makes
     * another. Told before anybody else is granted the claim.
     *
     * @param why for people
     * @return completes once the connection has ended; before that nobody else should be granted the claim
     */
    CompletionStage<Void> lost(String why);

    /** It is valid again. */
    void restored();
}
