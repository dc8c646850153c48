package dev.meshlease;

import dev.meshlease.internal.registry.MachineGuard;
import dev.meshlease.internal.registry.Registry;
import dev.meshlease.internal.registry.RegistrySettings;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Builds a {@link LinkRegistry}. Not thread-safe. */
public final class LinkRegistryBuilder {
    private static final Duration SHORTEST_AUDIT = Duration.ofSeconds(1);

    private final Map<Endpoint, LinkOptions> perEndpoint = new LinkedHashMap<>();
    private final List<Transport> transports = new ArrayList<>();
    private LinkOptions defaults = LinkOptions.builder().build();
    private @Nullable Executor callbacks;
    private @Nullable LinkClaims claims;
    private @Nullable MachineGuard machine;
    private @Nullable Duration audit;
    private @Nullable Environment environment;
    private boolean leakStacks;
    private boolean shutdownHook = true;

    LinkRegistryBuilder() {}

    /** The options of links that {@code acquire} opens. */
    public LinkRegistryBuilder defaults(LinkOptions options) {
        this.defaults = Objects.requireNonNull(options, "options");
        return this;
    }

    /** Options for one endpoint, when {@code acquire} opens it in this spelling. */
    public LinkRegistryBuilder link(Endpoint endpoint, LinkOptions options) {
        perEndpoint.put(Objects.requireNonNull(endpoint, "endpoint"), Objects.requireNonNull(options, "options"));
        return this;
    }

    /** Runs callbacks on this executor instead of the environment's. It stays the caller's, who shuts it down. */
    public LinkRegistryBuilder callbacks(Executor executor) {
        this.callbacks = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /** A transport in addition to those found; it goes before a found one of the same scheme. */
    public LinkRegistryBuilder transport(Transport transport) {
        transports.add(Objects.requireNonNull(transport, "transport"));
        return this;
    }

    /**
     * A store of claims that is shared with other programs or machines: a link is opened, and opened again, only while the store grants it.
     * Default none: links are claimed on this machine alone. It stays the caller's, who closes it after the registry.
     */
    public LinkRegistryBuilder claims(LinkClaims shared) {
        this.claims = Objects.requireNonNull(shared, "shared");
        return this;
    }

    /**
     * The folder in which this machine's programs claim their links, so that no two of them have a link to the same node. All of them must be
     * given the same.
     *
     * <p>Default: what the system property {@code meshlease.claims} says, an absolute path or {@code off}; else {@code meshlease-claims} in
     * {@code /run/lock}, {@code /var/lock} or {@code /tmp}, which is shared by all users; where that cannot be had, or does not look safe, {@code
     * .meshlease/claims} in the user's home, with a warning; where there is no such folder either, none, with a warning. {@link
     * LinkRegistry#describe()} says who is excluded. Programs in other containers, or with a {@code /tmp} of their own, are not.
     *
     * <p>The folder is made if it is missing, open to all users; its parent is not. It must be no symbolic link, and belong to root or to this
     * user, unless it is sticky; while it cannot be used, links to nodes do not connect, and say why in their status. Nothing else should use it: whatever opens and
     * closes a lock file in this process takes the claim from it. POSIX only; elsewhere nothing is granted in it.
     *
     * @throws IllegalArgumentException if it is not absolute
     */
    public LinkRegistryBuilder machineClaims(Path folder) {
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("The claim folder is to be an absolute path, not " + folder);
        }
        this.machine = MachineGuard.in(folder);
        return this;
    }

    /** Claims nothing from this machine's other programs: they are not kept from opening a second link. */
    public LinkRegistryBuilder withoutMachineClaims() {
        this.machine = MachineGuard.OFF;
        return this;
    }

    /**
     * Looks regularly for others on this machine who are connected to the nodes of this registry's links past the library, be they other
     * programs or other code of this one. Whoever is found stands in {@link LinkStatus#foreign()}, in {@link LinkRegistry#describe()}, in each
     * {@link DuplicateLinkException} of this registry for that node, and once in the log as a warning.
     *
     * <p>Default off: then it is only looked when a connection was lost as others make it be lost, and on as long as somebody is found.
     * Nothing is connected to for that, and nothing of other programs is opened but what the system shows of them: on Linux {@code
     * /proc/net/tcp}, {@code /proc/net/tcp6} and, if there is somebody, {@code /proc/PID/fd} and {@code cmdline}; for serial ports {@code
     * /proc/PID/fd} and {@code comm}. Elsewhere, and where a transport does not look, the status says {@code unknown}. Other machines, phones, and containers with a network of their own are never seen.
     *
     * @param period from one look to the next, for each link that is in use; at least 1 s
     * @throws IllegalArgumentException if it is shorter
     */
    public LinkRegistryBuilder audit(Duration period) {
        if (period.compareTo(SHORTEST_AUDIT) < 0) {
            throw new IllegalArgumentException("An audit may be made every second at the most, not every " + period);
        }
        this.audit = period;
        return this;
    }

    /**
     * Keeps the stack that acquired each lease, for the warning about one that was dropped without being closed, and for {@link
     * LeaseInfo#acquiredFrom()}. Default false: taking a stack costs far more than acquiring a lease otherwise does. The warning comes either way.
     */
    public LinkRegistryBuilder leakStacks(boolean wanted) {
        this.leakStacks = wanted;
        return this;
    }

    /**
     * Closes the registry when the JVM ends while it is open, so that its nodes are told that their client leaves. Default true.
     *
     * <p>That happens when the program returns from {@code main} and only daemon threads are left, at {@code System.exit}, and when the
     * process is asked to end (Ctrl-C, {@code SIGTERM}); beside other shutdown hooks, and for all registries together within 3 s, after
     * which the JVM ends regardless. It does not happen at {@code kill -9} or {@code Runtime.halt}, nor when the machine stops. A program with a
     * shutdown hook of its own that still needs its links there switches this off, and closes the registry itself.
     *
     * <p>No registry in a {@linkplain Environment#isVirtual() virtual} environment is closed so.
     */
    public LinkRegistryBuilder shutdownHook(boolean wanted) {
        this.shutdownHook = wanted;
        return this;
    }

    /** Where time, randomness, names and threads come from. Default {@link Environment#system()}. */
    public LinkRegistryBuilder environment(Environment environment) {
        this.environment = Objects.requireNonNull(environment, "environment");
        return this;
    }

    /**
     * The registry. Checks everything at once.
     *
     * @throws EndpointException if an endpoint given to {@link #link} is malformed or no transport serves it
     * @throws IllegalArgumentException if two transports given here serve the same scheme, or {@link #link} was given one endpoint in two
     *     spellings, or the system property {@code meshlease.claims} is malformed
     */
    public LinkRegistry build() {
        return new Registry(new RegistrySettings(
                defaults,
                perEndpoint,
                transports,
                Optional.ofNullable(callbacks),
                Optional.ofNullable(claims),
                machine == null ? MachineGuard.byProperty() : machine,
                Optional.ofNullable(audit),
                leakStacks,
                shutdownHook,
                environment == null ? Environment.system() : environment));
    }
}
