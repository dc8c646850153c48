package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three programs contend for one node, and their store doubts, loses, delays and withholds claims as it comes. */
class ClaimScheduleTest {
    private static final int SCHEDULES = 50;
    private static final int STEPS = 60;
    private static final int MOST_LAG_MILLIS = 2_000;

    /** One schedule. */
    private static final class Contest {
        private final Random random;
        private final VirtualEnvironment environment;
        private final SimulatedNode node;
        private final MemoryClaims store;
        private final List<ClaimingProgram> programs = new ArrayList<>();
        private final List<LinkRegistry> registries = new ArrayList<>();
        private final List<Lease> leases = new ArrayList<>();
        private int open;
        private int connections;
        private int overlaps;

        /** @param freesEarly whether the guard is defeated: what is lost is free before the connection has ended */
        Contest(long seed, boolean freesEarly) {
            random = new Random(seed);
            environment = VirtualEnvironment.create(seed);
            node = SimulatedNode.builder().start(environment);
            store = MemoryClaims.create(environment);
            for (String host : List.of("attic", "cellar", "hall")) {
                ClaimingProgram program = store.program(host);
                programs.add(program);
                registries.add(LinkRegistry.builder()
                        .environment(program.environment(environment))
                        .transport(new Lagging(program.transport(environment.transport())))
                        .claims(freesEarly ? new Hasty(program) : program)
                        .build());
            }
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
                environment.advance(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 20_000 : 700)));
            }
        }

        private void step() {
            int which = random.nextInt(programs.size());
            ClaimingProgram program = programs.get(which);
            switch (random.nextInt(11)) {
                case 0 -> program.suspend("in doubt");
                case 1 -> program.restore();
                case 2 -> program.cut("no route");
                case 3, 4 -> program.mend();
                case 5 -> {
                    var unused = program.lose("its session expired");
                    if (random.nextBoolean()) { // Somebody was waiting for just that.
                        acquire(registries.get((which + 1) % registries.size()));
                    }
                }
                case 6 -> program.delay(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(12_000) : 0));
                case 7 -> program.withhold();
                case 8 -> program.answer();
                case 9 -> {
                    if (!leases.isEmpty()) {
                        leases.remove(random.nextInt(leases.size())).close();
                    }
                }
                default -> acquire(registries.get(which));
            }
        }

        private void acquire(LinkRegistry links) {
            try {
                leases.add(links.acquire(node.endpoint(), "holder"));
            } catch (DuplicateLinkException refused) {
                assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE);
            }
        }

        /** All troubles end: what is wanted is to be had, and what is given up is free. */
        void end() {
            programs.forEach(program -> {
                program.delay(Duration.ZERO);
                program.answer();
                program.mend();
                program.restore();
            });
            registries.subList(1, registries.size()).forEach(LinkRegistry::close);
            LinkRegistry last = registries.get(0);
            Lease lease = last.acquire(node.endpoint(), "last");
            lease.ready().await(Duration.ofMinutes(10));
            last.close();
            environment.advance(Duration.ofSeconds(30));
            assertThat(store.held()).as("claims left behind").isEmpty();
            assertThat(open).as("connections left behind").isZero();
            node.close();
        }

        /** A transport whose connections take their time to end. */
        private final class Lagging extends Interposed {
            Lagging(Transport real) {
                super(real);
            }

            @Override
            protected Target at(Target target) {
                return new Place(target) {
                    @Override
                    public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
                        connections++;
                        if (++open > 1) {
                            overlaps++;
                        }
                        return new LaggingLink(super.connect(permit, loop, new CountedEvents(events)), loop);
                    }
                };
            }
        }

        private final class CountedEvents extends Interposed.Events {
            CountedEvents(ByteLinkListener events) {
                super(events);
            }

            @Override
            public void closed(Loss loss) {
                open--;
                super.closed(loss);
            }
        }

        private final class LaggingLink extends Interposed.Connection {
            private final Loop loop;

            LaggingLink(ByteLink link, Loop loop) {
                super(link);
                this.loop = loop;
            }

            private void later(Runnable task) {
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MOST_LAG_MILLIS)), task);
            }

            @Override
            public void close() {
                later(real::close);
            }

            @Override
            public void abort() {
                later(real::abort);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void no_two_connections_overlap_whatever_the_store_does(int quarter) {
        int connections = 0;
        for (long seed = (long) quarter * SCHEDULES; seed < (long) (quarter + 1) * SCHEDULES; seed++) {
            Contest contest = new Contest(seed, false);
            contest.run();
            assertThat(contest.overlaps).as("overlaps with seed %d", seed).isZero();
            contest.end();
            assertThat(contest.overlaps)
                    .as("overlaps at the end with seed %d", seed)
                    .isZero();
            assertThat(contest.node.evictions())
                    .as("evictions with seed %d", seed)
                    .isZero();
            connections += contest.connections;
        }
        assertThat(connections).as("connections in all").isGreaterThan(2 * SCHEDULES);
    }

    @Test
    void a_store_that_frees_too_early_is_found_out_by_the_same_count() {
        int overlaps = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            Contest contest = new Contest(seed, true);
            contest.run();
            overlaps += contest.overlaps;
            contest.registries.forEach(LinkRegistry::close);
            contest.environment.advance(Duration.ofSeconds(30));
            contest.node.close();
        }
        assertThat(overlaps).isPositive();
    }

    @Test
    void what_is_granted_after_the_registry_was_closed_is_given_back() {
        var environment = VirtualEnvironment.create();
        try (SimulatedNode node = SimulatedNode.builder().start(environment)) {
            MemoryClaims store = MemoryClaims.create(environment);
            ClaimingProgram program = store.program();
            LinkRegistry links = LinkRegistry.builder()
                    .environment(environment)
                    .transport(environment.transport())
                    .claims(program)
                    .build();
            program.withhold();
            Lease bot = links.acquire(node.endpoint(), "bot");
            assertThat(bot.status().generation()).isZero();
            links.close();

            program.answer();
            environment.settle();

            assertThat(store.held()).isEmpty();
        }
    }
}
