package dev.meshlease.testkit.contract;

import dev.meshlease.spi.LinkClaims;
import java.util.function.BooleanSupplier;

/** One store of claims on which the contract is tried out, and the troubles it can have. Made anew for each test; nothing is held in it. */
public interface ClaimsWorld extends AutoCloseable {
    /** One more program's way to the store, with a session of its own. The contract closes some, and some twice; {@link #close} the rest. */
    LinkClaims join();

    /** Cuts a program off the store, so that what it holds is suspended. Its claims must not get lost by that during a test. */
    void cut(LinkClaims program);

    /** Lets a program that was {@link #cut} off reach the store again. */
    void mend(LinkClaims program);

    /** Takes away all that a program holds: its session has expired, somebody has deleted its entries. Need not wait for anything. */
    void lose(LinkClaims program);

    /**
     * Whether the store keeps a lost claim from others until its holder's connection has ended.
     *
     * @return true unless overridden. False is for a store that frees claims by the clock, and so tells its programs of the loss early enough
     *     before
     */
    default boolean waitsForTheEnd() {
        return true;
    }

    /** Waits, within bounds, until something holds; fails the test if it does not. */
    void eventually(String what, BooleanSupplier holds);

    /** Closes what {@link #join} gave and what it has started. */
    @Override
    void close();
}
