package dev.meshlease;

import java.util.List;
import java.util.Optional;

/**
 * Owns exactly one physical link per node, and hands out leases of it.
 *
 * <p>One registry per program is the rule; a second one in the same JVM works, but cannot hold the same link.
 *
 * <pre>{@code
 * try (LinkRegistry links = LinkRegistry.create()) {
 *     Lease bot = links.acquire("tcp://meshtastic.local", "bot");         // the first lease opens the link
 *     Lease monitor = links.acquire("tcp://meshtastic.local", "monitor"); // the same link: one connection on the wire
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> safe from any thread. {@code open}, {@code acquire} and {@code find} of an endpoint not seen before wait for its name
 * and claim, up to the settle timeout (default 5 s), never for the node; a known spelling returns at once.
 */
public interface LinkRegistry extends AutoCloseable {
    /** A registry with the defaults. Transports are found on the class path or the module path. */
    static LinkRegistry create() {
        return builder().build();
    }

    /** A registry of one's own making. */
    static LinkRegistryBuilder builder() {
        return new LinkRegistryBuilder();
    }

    /**
     * Declares a link, once, and claims it. It connects with its first lease, and stays declared until its owner closes it.
     *
     * @throws DuplicateLinkException if the node is linked already, in whatever spelling, by {@code open} or {@code acquire}, even while
     *     that link lingers
     * @throws EndpointException if the endpoint is malformed or no transport serves it
     */
    OwnedLink open(Endpoint endpoint, LinkOptions options);

    /** The same, for an endpoint as text. */
    default OwnedLink open(String endpoint, LinkOptions options) {
        return open(Endpoint.of(endpoint), options);
    }

    /**
     * Joins the link to a node, or opens it with {@link #defaults()} (or the options that the builder was given for this endpoint).
     *
     * <p>The link may still be connecting afterwards, see {@link Lease#ready()}; a node that is away is a status, not an exception. Once
     * the last lease is closed, the link stays for its linger time (default 5 s) and then ends.
     *
     * @throws DuplicateLinkException if somebody outside this registry holds a link to the same node
     * @throws EndpointException if the endpoint is malformed or no transport serves it
     */
    Lease acquire(Endpoint endpoint, LeaseOptions options);

    /** The same, with default options for this holder. */
    default Lease acquire(Endpoint endpoint, String holder) {
        return acquire(endpoint, LeaseOptions.of(holder));
    }

    /** The same, for an endpoint as text. */
    default Lease acquire(String endpoint, String holder) {
        return acquire(Endpoint.of(endpoint), holder);
    }

    /** The link to a node, in any spelling, if this registry has it. Never opens one. */
    Optional<Link> find(Endpoint endpoint);

    /** All links, oldest first. */
    List<Link> links();

    /** The options of links that {@code acquire} opens. */
    LinkOptions defaults();

    /** The whole picture, for a person: links, states, leases. */
    String describe();

    /**
     * Closes all leases, then all links, and ends the registry's thread. Waits for that, 5 s at the most; an interrupted thread does not
     * wait, nor does an inline listener, which runs on that thread. From any thread, also from a callback, and from several at once.
     * Idempotent; who closes it again waits for the same end. Who waits for the registry at that moment, for a link or for a packet, is
     * told {@link LeaseClosedException}.
     *
     * <p>Whatever nodes, network, transports and stores of claims do, after 5 s connections are cut, claims are given back in this JVM
     * (and elsewhere as soon as their store does it), deliveries have ended and the thread has. Only code that blocks that thread itself,
     * such as an inline listener that does not return, can delay this; a warning says so, and the rest follows once it returns.
     */
    @Override
    void close();
}
