package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.all;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Pending;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Deliveries over a link that is cut again and again: each ends once, none arrives twice, and what is acknowledged has arrived. What
 * arrives is counted at another node, behind its own filter of senders and ids.
 *
 * <p>With {@code -Pslow} 50,000 schedules.
 */
class CutLinkTest {
    private static final double DUE = 0.95;
    private static final PayloadType<String> OTHER =
            new PayloadType<>(PortNum.PRIVATE_APP_VALUE, ByteString::toStringUtf8, ByteString::copyFromUtf8);
    private static final Tally SHORT = new Tally();
    private static final Tally LONG = new Tally();

    @Property
    void each_delivery_ends_once_and_arrives_at_most_once(
            @ForAll long world, @ForAll @Size(min = 1, max = 8) List<Long> steps) {
        try (Schedule schedule = new Schedule(world)) {
            steps.forEach(schedule::does);
            schedule.calm(Duration.ofSeconds(60), SHORT);
            schedule.arrivesAtMostOnce();
        }
    }

    /** A link that was lost so often tries again every 72 s, or every 120 s if it seems to have a rival: 60 s of calm are not enough. */
    @Property(tries = 200)
    void so_it_does_after_a_long_time_of_trouble(
            @ForAll long world, @ForAll @Size(min = 20, max = 60) List<Long> steps) {
        try (Schedule schedule = new Schedule(world)) {
            steps.forEach(schedule::does);
            schedule.calm(Duration.ofMinutes(3), LONG);
            schedule.arrivesAtMostOnce();
        }
    }

    /** Words may arrive as others: the wire has no checksums. */
    @Property
    void each_ends_once_even_if_the_wire_changes_what_is_said(
            @ForAll long world, @ForAll @Size(min = 1, max = 8) List<Long> steps) {
        try (Schedule schedule = new Schedule(world)) {
            schedule.isNoisy = true;
            steps.forEach(schedule::does);
            schedule.calm(Duration.ofSeconds(60), new Tally());
            schedule.endsOnce();
        }
    }

    /** Over all schedules. */
    @AfterContainer
    static void nearly_all_are_acknowledged() {
        assertThat(List.of(SHORT, LONG)).filteredOn(tally -> tally.wanted > 0).allMatch(tally -> tally.share() >= DUE);
    }

    /** How many are acknowledged after the calm. */
    private static final class Tally {
        private int wanted;
        private int acknowledged;

        double share() {
            return (double) acknowledged / wanted;
        }

        @Override
        public String toString() {
            return acknowledged + " of " + wanted + " are acknowledged";
        }
    }

    /** A node whose link is cut, and one in its neighbourhood that is left alone. Each step has a chance of its own. */
    private static final class Schedule implements AutoCloseable {
        private final VirtualEnvironment environment;
        private final SimulatedNode near;
        private final SimulatedNode far;
        private final LinkRegistry links;
        private final Lease one;
        private final Lease other;
        private final List<Sent> sent = new ArrayList<>();
        private final List<Pending<?>> asked = new ArrayList<>();

        private final Map<String, Integer> arrivals = new HashMap<>();
        private Random random;
        private boolean isNoisy;

        Schedule(long world) {
            random = new Random(world);
            environment = VirtualEnvironment.create(world);
            SimulatedMesh mesh = SimulatedMesh.create();
            near = SimulatedNode.builder()
                    .seed(world)
                    .mesh(mesh)
                    .with(Switch.REBOOT_TIME, Duration.ofSeconds(1 + random.nextInt(10)))
                    .start(environment);
            far = SimulatedNode.builder()
                    .seed(world)
                    .mesh(mesh)
                    .with(Switch.PHONE_QUEUE, 1000)
                    .start(environment);
            mesh.connect(near, far);
            links = environment.registry();
            links.acquire(far.endpoint(), "witness").subscribe(all(), packet -> {
                if (packet.from().equals(near.id())) {
                    arrivals.merge(packet.proto().getDecoded().getPayload().toStringUtf8(), 1, Integer::sum);
                }
            });
            one = links.acquire(near.endpoint(), "one");
            other = links.acquire(near.endpoint(), "other");
            environment.advance(Duration.ofSeconds(random.nextInt(3)));
        }

        void does(long step) {
            random = new Random(step);
            switch (random.nextInt(isNoisy ? 4 : 3)) {
                case 0 -> cut();
                case 1 -> {
                    Request<?> question = random.nextBoolean() ? Request.metadata() : Request.position(far.id());
                    asked.add(one.request(question));
                }
                case 3 ->
                    near.inject((random.nextBoolean() ? Fault.corrupt() : Fault.truncate())
                            .chance(0.3)
                            .lasting(Duration.ofMillis(1 + random.nextInt(20_000))));
                default -> {
                    for (int burst = random.nextInt(2); burst >= 0; burst--) {
                        sent.add(Sent.by(random.nextBoolean() ? one : other, message()));
                    }
                }
            }
            environment.advance(Duration.ofMillis(random.nextInt(random.nextInt(3) == 0 ? 15_000 : 400)));
        }

        private OutboundMessage message() {
            NodeId to = switch (random.nextInt(6)) {
                case 0, 1 -> NodeId.BROADCAST;
                case 2 -> near.id();
                default -> far.id();
            };
            OutboundMessage message = OutboundMessage.of(
                            random.nextBoolean() ? PayloadType.TEXT : OTHER, "word " + sent.size())
                    .to(to);
            return random.nextInt(8) == 0 ? message : message.wantAck();
        }

        private void cut() {
            Duration lasting = Duration.ofMillis(1 + random.nextInt(20_000));
            switch (random.nextInt(14)) {
                case 0 -> near.disconnectClient();
                case 1 -> near.reboot();
                case 2 -> near.evictClient();
                case 3 -> near.inject(Fault.refuse(lasting), Fault.close().times(1));
                case 4 -> near.inject(Fault.silence().times(1).lasting(lasting));
                case 5 -> near.inject(Fault.stallReading().times(1).lasting(lasting));
                case 6 -> near.inject(Fault.stallWriting().times(1).lasting(lasting));
                case 7 -> near.inject(Fault.drop().chance(0.3).lasting(lasting));
                case 8 ->
                    near.inject(Fault.delay(Duration.ofMillis(1 + random.nextInt(5_000)))
                            .times(1 + random.nextInt(3)));
                case 9 ->
                    near.inject(
                            Fault.garbage().chance(0.3).lasting(lasting),
                            Fault.splitEverywhere().lasting(lasting));
                case 10 ->
                    near.inject(Fault.duel(Duration.ofMillis(100 + random.nextInt(3_000)))
                            .lasting(lasting));
                default ->
                    near.inject(at(
                            switch (random.nextInt(4)) {
                                case 0 -> Fault.close();
                                case 1 -> Fault.reset();
                                case 2 -> Fault.reboot();
                                default -> Fault.rival();
                            }));
            }
        }

        private Fault at(Fault end) {
            Fault once = end.times(1);
            return switch (random.nextInt(4)) {
                case 0 -> once.at(Point.PACKET);
                case 1 -> once.at(Point.QUEUE_STATUS);
                case 2 -> once.after(1 + random.nextInt(60));
                default -> once;
            };
        }

        /** Some time without trouble, and then time for whatever is still waiting. */
        void calm(Duration calm, Tally tally) {
            near.endFaults();
            environment.advance(calm);
            for (Sent each : sent) {
                if (each.message.wantsAck()) {
                    tally.wanted++;
                    tally.acknowledged += each.isAcknowledged() ? 1 : 0;
                }
            }
            environment.advance(Duration.ofMinutes(5));
        }

        void endsOnce() {
            sent.forEach(each -> each.hasEndedOnce(environment));
            assertThat(asked).allMatch(Pending::isDone);
            assertThat(near.overlaps()).isEmpty();
        }

        void arrivesAtMostOnce() {
            endsOnce();
            for (Sent each : sent) {
                String text = each.message.proto().getDecoded().getPayload().toStringUtf8();
                int times = arrivals.getOrDefault(text, 0);
                boolean isForAnother = each.message.proto().getTo() != near.id().number();
                assertThat(times)
                        .as("arrivals of %s: %s", text, each.delivery.steps())
                        .isBetween(each.isAcknowledged() && isForAnother ? 1 : 0, 1);
            }
            assertThat(sessionsById())
                    .as("sessions in which the node itself was told a thing")
                    .allSatisfy((id, sessions) -> assertThat(sessions).hasSize(1));
        }

        /** Within a session a node knows a repeated id, so only another session would do a thing twice. */
        private Map<String, Set<String>> sessionsById() {
            Map<String, Set<String>> sessions = new HashMap<>();
            Matcher told = Pattern.compile("(\\w+) → .* to " + near.id() + ", id (\\w+)")
                    .matcher(near.conversation().toString());
            while (told.find()) {
                sessions.computeIfAbsent(told.group(2), id -> new HashSet<>()).add(told.group(1));
            }
            return sessions;
        }

        @Override
        public void close() {
            links.close();
            near.close();
            far.close();
        }
    }
}
