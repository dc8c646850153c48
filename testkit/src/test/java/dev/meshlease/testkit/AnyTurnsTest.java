package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Delivery;
import dev.meshlease.Exclusive;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Pending;
import dev.meshlease.SettingsEdit;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Four leases that want to edit the settings of one node, whatever happens to them and to it. */
class AnyTurnsTest {
    /** One run. */
    private static final class Run implements AutoCloseable {
        final Random random;
        /** Whether the node restarts because of edits only, and nothing else cuts the link. */
        final boolean calm;

        final VirtualEnvironment environment;
        final SimulatedNode node;
        final LinkRegistry links;
        final List<Lease> leases = new ArrayList<>();
        final List<Turn> turns = new ArrayList<>();
        final List<Pending<?>> pendings = new ArrayList<>();
        final List<Delivery> deliveries = new ArrayList<>();
        /** The turns whose holder has it in hand, and has not let it go. */
        final List<Turn> held = new ArrayList<>();

        int most;
        int granted;

        Run(long seed) {
            random = new Random(seed);
            calm = random.nextInt(3) == 0;
            environment = VirtualEnvironment.create(seed);
            node = SimulatedNode.builder().start(environment);
            links = environment.registry();
            for (int i = 0; i < 4; i++) {
                leases.add(links.acquire(node.endpoint(), "lease " + i));
            }
            leases.get(0).ready().await(Duration.ofSeconds(30));
        }

        /** A lease's wait for its turn, and the turn. */
        final class Turn {
            final Lease lease;
            final Pending<SettingsEdit> wait;
            final CompletableFuture<SettingsEdit> edit;
            long generation;

            Turn(Lease lease) {
                this.lease = lease;
                this.wait = lease.exclusively(Exclusive.settings().within(Duration.ofSeconds(1 + random.nextInt(200))));
                this.edit = wait.future();
                edit.thenAccept(tool -> {
                    generation = lease.status().generation();
                    held.removeIf(other -> other.generation < generation); // The loss has ended those.
                    held.add(this);
                    most = Math.max(most, held.size());
                    granted++;
                });
                pendings.add(wait);
            }
        }

        void step() {
            Lease lease = leases.get(random.nextInt(leases.size()));
            switch (random.nextInt(calm ? 9 : 12)) {
                case 0, 1, 2 -> turns.add(new Turn(lease));
                case 3 -> any(turns, turn -> turn.wait.cancel());
                case 4, 5 -> any(held, turn -> deliveries.add(turn.edit.join().apply(named())));
                case 6 ->
                    any(held, turn -> {
                        held.remove(turn);
                        pendings.add(turn.edit.join().commit());
                    });
                case 7 ->
                    any(held, turn -> {
                        held.remove(turn);
                        turn.edit.join().close();
                    });
                case 8 -> {
                    held.removeIf(turn -> turn.lease.equals(lease));
                    lease.close();
                    leases.set(leases.indexOf(lease), links.acquire(node.endpoint(), lease.holder()));
                }
                case 9 -> trouble();
                default ->
                    deliveries.add(lease.send(OutboundMessage.of(PayloadType.ADMIN, named())
                            .to(node.id())
                            .wantAck()));
            }
            environment.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 30_000 : 300)));
        }

        private void trouble() {
            if (random.nextInt(3) == 0) {
                node.reboot();
            } else {
                node.disconnectClient();
            }
        }

        private <T> void any(List<T> list, Consumer<T> action) {
            if (!list.isEmpty()) {
                action.accept(list.get(random.nextInt(list.size())));
            }
        }

        private AdminMessage named() {
            return AdminMessage.newBuilder()
                    .setSetOwner(User.newBuilder()
                            .setLongName("Name " + random.nextInt(100))
                            .setShortName("N"))
                    .build();
        }

        /** The beginnings and ends of edits that the node was asked for. */
        List<PayloadVariantCase> edits() {
            return node.received().stream()
                    .filter(packet -> packet.getDecoded().getPortnum() == PortNum.ADMIN_APP)
                    .map(TwoHolders::kind)
                    .filter(kind -> kind.name().endsWith("_EDIT_SETTINGS"))
                    .toList();
        }

        List<PayloadVariantCase> alternating() {
            return Stream.iterate(0, i -> i + 1)
                    .limit(edits().size())
                    .map(i -> i % 2 == 0
                            ? PayloadVariantCase.BEGIN_EDIT_SETTINGS
                            : PayloadVariantCase.COMMIT_EDIT_SETTINGS)
                    .toList();
        }

        @Override
        public void close() {
            links.close();
            node.close();
        }
    }

    @Property(tries = 150)
    void no_two_hold_it_at_once_and_nobody_waits_for_ever(@ForAll long seed) {
        try (Run run = new Run(seed)) {
            for (int i = 0; i < 60; i++) {
                run.step();
            }
            for (Run.Turn turn : List.copyOf(run.held)) {
                turn.edit.join().close();
            }
            run.environment.advance(Duration.ofMinutes(10));
            for (Run.Turn turn : run.turns) {
                if (turn.edit.isDone() && !turn.edit.isCompletedExceptionally()) {
                    turn.edit.join().close();
                }
            }
            run.environment.advance(Duration.ofMinutes(10));

            assertThat(run.most)
                    .as("holders at the same time, of " + run.granted)
                    .isLessThanOrEqualTo(1);
            assertThat(run.pendings).allMatch(Pending::isDone);
            assertThat(run.deliveries).allMatch(Delivery::isDone);
            assertThat(run.links.describe()).doesNotContain("settings:");
            if (run.calm) {
                assertThat(run.edits()).as("begin, commit, begin, commit …").isEqualTo(run.alternating());
                assertThat(run.edits().size() % 2).as("no edit is left open").isZero();
            }
        }
    }
}
