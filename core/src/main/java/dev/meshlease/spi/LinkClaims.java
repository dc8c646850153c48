package dev.meshlease.spi;

import java.util.concurrent.CompletionStage;

/**
 * A store of claims that several programs or machines share, so that only one of them has a link to a node: ZooKeeper, etcd, a database.
 * A registry asks it for each key after it has claimed that in its own JVM, before it first connects and before it connects again.
 *
 * <p><b>Threading:</b> called on the registry's loop, so it must not block: what takes time goes into the stage, which may be completed on
 * any thread.
 */
public interface LinkClaims extends AutoCloseable {
    /** What it is, for people: {@code zookeeper}. */
    String name();

    /**
     * Asks for the claim to a key. Several are asked for one after the other, in the order of keys, all or none.
     *
     * @param key what is claimed
     * @param self who asks
     * @param listener is told what becomes of the claim after it was granted
     * @return the answer: refused also if this program has it already; a stage that fails, or is not complete within 10 s, is taken as no claim for the time being, and the key is asked for
     *     again later. What is granted after that is kept if it is still wanted, else released
     */
    CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener);

    /**
     * Whoever made it closes it, after the registries that use it. What is still held is lost: its listeners are told so before others may
     * have it. Open questions and later ones fail. Idempotent.
     */
    @Override
    void close();
}
