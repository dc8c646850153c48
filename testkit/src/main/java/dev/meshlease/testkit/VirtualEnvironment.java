package dev.meshlease.testkit;

import dev.meshlease.LinkRegistry;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * An environment in which time stands still until somebody waits: whole registries run on the test's own thread, one task after the
 * other, in an order that depends on nothing but the seed.
 *
 * <pre>{@code
 * var environment = VirtualEnvironment.create();
 * SimulatedNode node = SimulatedNode.builder().start(environment);
 * try (LinkRegistry links = environment.registry()) {
 *     Lease lease = links.acquire(node.endpoint(), "test");
 *     lease.ready().await(Duration.ofSeconds(30)); // takes no time
 *     environment.advance(Duration.ofHours(1));    // nor does this
 * }
 * }</pre>
 *
 * <p>All loops and callbacks of an environment share one timeline. Name look-ups are answered by {@link #addName}. There are no sockets:
 * {@link Loop#register} fails.
 *
 * <p>It cannot see real threads. A wait whose condition depends on another thread's work runs into its time limit at once; start the work
 * first, and join the thread.
 *
 * <p><b>Threading:</b> safe from any thread; threads that wait at the same time take turns.
 */
public final class VirtualEnvironment implements Environment, VirtualTime {
    /** The system property with the seed for {@link #create()}, to have a failed run again: {@value}. */
    public static final String SEED_PROPERTY = "meshlease.testkit.seed";

    private final long seed;
    private final Random random;
    private final Timeline timeline;
    private final VirtualNames names;
    private final MemoryTransport transport;
    private final Queue<Runnable> dropped = new ConcurrentLinkedQueue<>();

    private VirtualEnvironment(long seed, long tasksPerInstant) {
        this.seed = seed;
        this.random = new Random(seed);
        this.timeline = new Timeline(tasksPerInstant);
        this.names = new VirtualNames(timeline);
        this.transport = new MemoryTransport(this, timeline);
    }

    /** An environment with a seed of its own, or that in the system property {@value #SEED_PROPERTY}; {@link #toString()} tells it. */
    public static VirtualEnvironment create() {
        Long seed = Long.getLong(SEED_PROPERTY);
        return create(seed != null ? seed : new Random().nextLong());
    }

    /** An environment that does the same again for the same seed. */
    public static VirtualEnvironment create(long seed) {
        return create(seed, Timeline.TASKS_PER_INSTANT);
    }

    static VirtualEnvironment create(long seed, long tasksPerInstant) {
        return new VirtualEnvironment(seed, tasksPerInstant);
    }

    /** What all randomness comes from. */
    public long seed() {
        return seed;
    }

    @Override
    public void advance(Duration span) {
        timeline.advance(Objects.requireNonNull(span, "span"));
    }

    @Override
    public void settle() {
        timeline.advance(Duration.ZERO);
    }

    @Override
    public Instant now() {
        return timeline.instant();
    }

    @Override
    public TimeSource time() {
        return timeline;
    }

    /** {@inheritDoc} Here: determined by the seed. */
    @Override
    public RandomGenerator random() {
        return random;
    }

    /** {@inheritDoc} Here: {@code localhost}, literal addresses, and the names given to {@link #addName}. Case does not matter. */
    @Override
    public NameResolver names() {
        return names;
    }

    /** {@inheritDoc} Here: due now, one after the other, on the thread that steps. A callback may wait; others run meanwhile. */
    @Override
    public Executor callbacks() {
        return task -> timeline.schedule(0, null, Objects.requireNonNull(task, "task"));
    }

    /** {@inheritDoc} Here: due now, as callbacks are. */
    @Override
    public Executor helpers() {
        return callbacks();
    }

    /** {@inheritDoc} Here: true, so registries claim nothing from other programs. */
    @Override
    public boolean isVirtual() {
        return true;
    }

    @Override
    public Loop newLoop(String name) {
        return newVirtualLoop(Objects.requireNonNull(name, "name"));
    }

    /**
     * Makes a name known, or moves it.
     *
     * @param host the name
     * @param addresses literal addresses, at least one, in the order in which they are to be answered
     * @throws IllegalArgumentException if one of them is no literal address
     */
    public void addName(String host, String... addresses) {
        names.add(host, addresses);
    }

    /** Makes a name unknown. */
    public void removeName(String host) {
        names.remove(host);
    }

    /** Sets how long a look-up takes from now on. Default zero. */
    public void nameDelay(Duration delay) {
        names.delay(Objects.requireNonNull(delay, "delay"));
    }

    /** The way to the nodes that {@link SimulatedNodeBuilder#start(VirtualEnvironment)} made in this environment. */
    public MemoryTransport transport() {
        return transport;
    }

    /** {@inheritDoc} Here: it waits for {@link #giveBackDropped}, since nothing in virtual time depends on when garbage is collected. */
    @Override
    public void dropped(Runnable giveBack) {
        dropped.add(giveBack);
    }

    /**
     * Has all reported and given back that the garbage collector has found so far and that was dropped without being closed, such as leases.
     * Until then it counts as held. What comes of it is due now; see {@link #settle()}.
     *
     * @return how much that is
     */
    public int giveBackDropped() {
        int count = 0;
        for (Runnable next = dropped.poll(); next != null; next = dropped.poll()) {
            next.run();
            count++;
        }
        return count;
    }

    /** A registry in this environment that reaches its nodes, and knows where its leases were acquired. The caller closes it. */
    public LinkRegistry registry() {
        return LinkRegistry.builder()
                .environment(this)
                .transport(transport)
                .leakStacks(true)
                .build();
    }

    /** A loop of the testkit's own. */
    VirtualLoop newVirtualLoop(String name) {
        return new VirtualLoop(timeline, name);
    }

    /** For a person reading a failure: the time and the seed. */
    @Override
    public String toString() {
        return "VirtualEnvironment[now=" + now() + ", seed=" + seed + "]";
    }
}
