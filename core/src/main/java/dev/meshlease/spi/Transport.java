package dev.meshlease.spi;

import java.util.concurrent.CompletionStage;

/**
 * A way to reach nodes, chosen by the scheme of an endpoint: {@code tcp}, {@code serial}.
 *
 * <p>Implementations are found by {@link java.util.ServiceLoader} on the class path and the module path, or given to the registry's
 * builder. One instance serves all registries of a JVM.
 *
 * <p><b>Threading:</b> {@link #check} and {@link #locate} are called from any thread.
 */
public interface Transport {
    /** The scheme this transport serves, in lower case: {@code "tcp"}. */
    String scheme();

    /**
     * Checks the syntax of an address, without looking anything up.
     *
     * @param address what stands behind {@code scheme://} or {@code scheme:} in the user's endpoint
     * @return the normal spelling: two addresses with the same normal spelling are the same endpoint
     * @throws IllegalArgumentException with a sentence for the user if the address is malformed
     */
    String check(String address);

    /**
     * Finds out what an address stands for now. Asked before the first connection and again before each reconnect, since names move.
     *
     * @param address a normal spelling, as {@link #check} returned it
     * @param environment where names are resolved and time comes from
     * @return completes with the target, or exceptionally with an {@link java.io.IOException} that says why there is none; with a {@link
     *     java.nio.file.NoSuchFileException} if it would be a device, and none is there now: then this is asked about twice a second, until
     *     there is one. Must not block the caller
     */
    CompletionStage<Target> locate(String address, Environment environment);
}
