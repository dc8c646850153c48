package dev.meshlease;

import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Somebody holds the link to this node already. A second connection would have made the node drop the first, so it was not made.
 *
 * <p>The message says all that is needed to mend the code: both spellings, who opened the link first, when, in which process, with which
 * holders, and what to call instead. Where the opener is in this process, its stack is the cause.
 */
public final class DuplicateLinkException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    private final Scope scope;
    private final transient LinkKey key;
    private final transient Endpoint requested;
    private final transient @Nullable Endpoint existing;
    private final transient ClaimHolder incumbent;
    private final transient List<ForeignConnection> foreign;

    public DuplicateLinkException(
            Scope scope,
            LinkKey key,
            Endpoint requested,
            @Nullable Endpoint existing,
            ClaimHolder incumbent,
            @Nullable Throwable openedFrom) {
        this(scope, key, requested, existing, incumbent, openedFrom, List.of());
    }

    /** @param foreign who is connected to the node past the library besides */
    public DuplicateLinkException(
            Scope scope,
            LinkKey key,
            Endpoint requested,
            @Nullable Endpoint existing,
            ClaimHolder incumbent,
            @Nullable Throwable openedFrom,
            List<ForeignConnection> foreign) {
        super(message(scope, key, requested, existing, incumbent, foreign), requested, null, openedFrom);
        this.scope = Objects.requireNonNull(scope, "scope");
        this.key = key;
        this.requested = requested;
        this.existing = existing;
        this.incumbent = incumbent;
        this.foreign = List.copyOf(foreign);
    }

    private static String message(
            Scope scope,
            LinkKey key,
            Endpoint requested,
            @Nullable Endpoint existing,
            ClaimHolder incumbent,
            List<ForeignConnection> foreign) {
        String spelling = existing == null || existing.equals(requested) ? "" : " as " + existing;
        boolean isKnown = !incumbent.since().equals(ClaimHolder.UNKNOWN_SINCE);
        String nobody = isKnown ? "nobody yet" : "unknown";
        String holders = incumbent.holders().isEmpty() ? nobody : String.join(", ", incumbent.holders());
        return requested + " is already linked" + spelling
                + ". A node serves one client: a second connection would take it away from the first."
                + "\n  held by: " + holders
                + "\n  since:   " + (isKnown ? incumbent.since() : "unknown")
                + "\n  process: " + incumbent.process().substring("process ".length())
                + "\n  key:     " + key
                + (foreign.isEmpty() ? "" : "\n  foreign: " + bypassing(foreign))
                + "\n  instead: " + scope.advice(requested, existing == null ? requested : existing);
    }

    private static String bypassing(List<ForeignConnection> foreign) {
        return foreign.stream().map(ForeignConnection::toString).collect(Collectors.joining("\n           "))
                + "\n           connected past the library, and to be ended";
    }

    /** Which ring of the guard refused. */
    public Scope scope() {
        return scope;
    }

    /** The key that collided. */
    public LinkKey key() {
        return key;
    }

    /** The spelling that was refused. */
    public Endpoint requested() {
        return requested;
    }

    /** The spelling under which the link was opened first, where it is known. */
    public Optional<Endpoint> existing() {
        return Optional.ofNullable(existing);
    }

    /** Who holds the link: process, program, holders, since when; of another program, what is known of it. */
    public ClaimHolder incumbent() {
        return incumbent;
    }

    /** The stack of whoever opened the link first, where that was in this process. It is also the cause, so that it prints. */
    public Optional<Throwable> openedFrom() {
        return Optional.ofNullable(getCause());
    }

    /**
     * Who else on this machine was seen to be connected to the node, past the library, when the link to it was last lost or looked after.
     * Empty where nobody was, or the platform does not show it; see {@link ForeignConnections}.
     */
    public List<ForeignConnection> foreign() {
        return foreign;
    }

    /** Which ring of the guard refused. */
    public enum Scope {
        /** This registry has the link: share it. */
        REGISTRY,
        /** Another registry in this JVM has the link. */
        JVM,
        /**
         * A link of this JVM has the same node under another name, such as by a port forward or by a serial port: the node has told who it is.
         * The key is the node's own, or that of a name which was found to lead there before.
         */
        NODE,
        /** Another program on this machine has the link. */
        MACHINE,
        /** Another program has the link, perhaps on another machine, says the store of claims that the registry was given. */
        STORE;

        private String advice(Endpoint endpoint, Endpoint existing) {
            return switch (this) {
                case REGISTRY ->
                    "acquire(\"" + endpoint
                            + "\", \"<holder>\") shares the link. open(...) declares one that nobody has"
                            + " yet, so call it before the first acquire.";
                case JVM ->
                    "another LinkRegistry of this program has the link. Make one registry, hand it to whoever needs the node,"
                            + " and call acquire(\"" + endpoint + "\", \"<holder>\") there.";
                case NODE ->
                    "both names lead to the same node. acquire(\"" + existing
                            + "\", \"<holder>\") shares the link, in the registry that has it. If one of them is a share of the node that"
                            + " serves many clients, say so: LinkOptions.builder().viaShare(true).";
                case MACHINE ->
                    "another program on this machine has the link, see above. End it, or have it do there what this one needs of"
                            + " the node.";
                case STORE ->
                    "another program has the link, see above. End it, or have it do there what this one needs of the node.";
            };
        }
    }
}
