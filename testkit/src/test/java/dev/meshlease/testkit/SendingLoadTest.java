package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Pending;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever any number of leases send, a node that looks every 250 ms drops nothing in silence. With {@code -Pslow} 50,000 times. */
class SendingLoadTest {
    private static final List<PortNum> PORTS = List.of(
            PortNum.TEXT_MESSAGE_APP,
            PortNum.TEXT_MESSAGE_APP,
            PortNum.POSITION_APP,
            PortNum.TELEMETRY_APP,
            PortNum.WAYPOINT_APP,
            PortNum.ALERT_APP,
            PortNum.TRACEROUTE_APP,
            PortNum.PRIVATE_APP,
            PortNum.RANGE_TEST_APP);
    private static final List<MeshPacket.Priority> URGENCIES = List.of(
            MeshPacket.Priority.BACKGROUND,
            MeshPacket.Priority.DEFAULT,
            MeshPacket.Priority.RELIABLE,
            MeshPacket.Priority.HIGH);

    @Property
    void nothing_is_dropped_in_silence_and_every_delivery_ends(
            @ForAll long world, @ForAll @Size(min = 1, max = 12) List<Long> steps) {
        try (Crowd crowd = new Crowd(world)) {
            steps.forEach(crowd::does);
            crowd.comesToRest();
        }
    }

    @Property(tries = 200)
    void no_lease_waits_for_more_than_one_packet_of_each_other_as_urgent(
            @ForAll long world, @ForAll @IntRange(min = 2, max = 6) int leases) {
        Random random = new Random(world);
        VirtualEnvironment environment = VirtualEnvironment.create(world);
        List<Sent> sent = new ArrayList<>();
        Map<Integer, Integer> leaseOf = new HashMap<>();
        try (SimulatedNode node = SimulatedNode.builder().seed(world).start(environment);
                LinkRegistry links = environment.registry()) {
            List<Lease> all = new ArrayList<>();
            for (int i = 0; i < leases; i++) {
                all.add(links.acquire(node.endpoint(), "holder " + i));
            }
            for (int i = 0; i < 40; i++) {
                int who = random.nextInt(leases);
                for (int burst = random.nextInt(5); burst >= 0; burst--) {
                    Sent one = Sent.by(all.get(who), packet(PortNum.PRIVATE_APP, NodeId.BROADCAST.number(), "burst"));
                    leaseOf.put(one.delivery.packetId(), who);
                    sent.add(one);
                }
                environment.advance(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(700) : 0));
            }
            environment.advance(Duration.ofMinutes(5));

            sent.removeIf(one -> one.delivery.steps().size() < 3); // those for which there was no room
            sent.sort((one, other) -> {
                int byTime = at(one, 1).compareTo(at(other, 1));
                List<Integer> order =
                        node.received().stream().map(MeshPacket::getId).toList();
                return byTime != 0
                        ? byTime
                        : order.indexOf(one.delivery.packetId()) - order.indexOf(other.delivery.packetId());
            });
        }
        for (int i = 0; i < sent.size(); i++) {
            int own = leaseOf.get(sent.get(i).delivery.packetId());
            Map<Integer, Integer> before = new HashMap<>();
            for (int j = i - 1; j >= 0; j--) {
                int other = leaseOf.get(sent.get(j).delivery.packetId());
                if (other == own || !at(sent.get(j), 1).isAfter(at(sent.get(i), 0))) {
                    break;
                }
                before.merge(other, 1, Integer::sum);
            }
            assertThat(before.values())
                    .as("before packet %d of lease %d, %s", i, own, environment)
                    .allMatch(count -> count == 1);
        }
    }

    private static Instant at(Sent sent, int step) {
        return sent.delivery.steps().get(step).at();
    }

    private static OutboundMessage packet(PortNum port, int to, String payload) {
        return OutboundMessage.of(MeshPacket.newBuilder()
                .setTo(to)
                .setHopLimit(3)
                .setDecoded(Data.newBuilder().setPortnum(port).setPayload(ByteString.copyFromUtf8(payload)))
                .build());
    }

    /** Some leases of one link. Each step has a chance of its own, so that one step less changes nothing for the others. */
    private static final class Crowd implements AutoCloseable {
        private final VirtualEnvironment environment;
        private final SimulatedNode node;
        private final LinkRegistry links;
        private final List<Lease> leases = new ArrayList<>();
        private final List<Sent> sent = new ArrayList<>();
        private final List<Pending<?>> asked = new ArrayList<>();
        private Random random;
        private int stalls;

        Crowd(long world) {
            random = new Random(world);
            environment = VirtualEnvironment.create(world);
            node = SimulatedNode.builder()
                    .seed(world)
                    .nodes(3)
                    .with(Switch.IDLE_POLL, Duration.ofMillis(250))
                    .with(Switch.TX_QUEUE, random.nextBoolean() ? 16 : 1 + random.nextInt(4))
                    .with(Switch.AIRTIME, Duration.ofMillis(random.nextInt(random.nextBoolean() ? 50 : 1500)))
                    .with(Switch.REFUSAL_MISDIRECTED, random.nextBoolean())
                    .with(Switch.FRAME_TIME, Duration.ofMillis(random.nextInt(random.nextBoolean() ? 1 : 400)))
                    .start(environment);
            links = environment.registry();
        }

        void does(long step) {
            random = new Random(step);
            if (leases.isEmpty() || random.nextInt(8) == 0) {
                leases.add(links.acquire(node.endpoint(), "holder " + leases.size()));
            }
            Lease lease = leases.get(random.nextInt(leases.size()));
            switch (random.nextInt(10)) {
                case 0 -> asked.add(lease.request(question()));
                case 1 -> {
                    for (int words = random.nextInt(3) == 0 ? 30 : 0; words >= 0; words--) {
                        node.peers().get(0).says("hello");
                    }
                    if (random.nextInt(4) == 0) {
                        stalls++;
                        node.inject(
                                Fault.stallReading().times(1).lasting(Duration.ofMillis(1 + random.nextInt(20_000))));
                    }
                }
                case 2 ->
                    sent.stream()
                            .skip(random.nextInt(sent.size() + 1))
                            .findFirst()
                            .ifPresent(one -> one.delivery.cancel());
                case 3 -> {
                    if (leases.size() > 1) {
                        leases.remove(lease);
                        lease.close();
                    }
                }
                default -> {
                    for (int burst = random.nextInt(random.nextInt(6) == 0 ? 80 : 6); burst >= 0; burst--) {
                        sent.add(Sent.by(lease, message()));
                    }
                }
            }
            environment.advance(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 20_000 : 300)));
        }

        private OutboundMessage message() {
            int to = switch (random.nextInt(4)) {
                case 0 -> node.id().number();
                case 1 -> node.peers().get(1).id().number();
                default -> NodeId.BROADCAST.number();
            };
            PortNum port = any(PORTS);
            if (port == PortNum.TRACEROUTE_APP && to == NodeId.BROADCAST.number()) {
                to = node.peers().get(2).id().number(); // one to all is refused
            }
            OutboundMessage message = packet(port, to, "word " + sent.size())
                    .withPriority(any(URGENCIES))
                    .within(Duration.ofSeconds(25 + random.nextInt(300)));
            return random.nextBoolean()
                    ? message.wantAck()
                    : message.within(Duration.ofSeconds(1 + random.nextInt(60)));
        }

        private Request<?> question() {
            NodeId peer = node.peers().get(1).id();
            return switch (random.nextInt(8)) {
                case 0 -> Request.traceroute(peer);
                case 1 -> Request.position(peer);
                case 2 -> Request.telemetry(peer);
                case 3 -> Request.nodeInfo(peer);
                case 4 -> Request.owner();
                case 5 -> Request.config(AdminMessage.ConfigType.LORA_CONFIG);
                case 6 -> Request.channel(random.nextInt(8));
                default -> Request.metadata();
            };
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        void comesToRest() {
            environment.advance(Duration.ofMinutes(6));
            assertThat(node.silentDrops().repeatedIds())
                    .as("ids swallowed: what a node that does not read for so long was told twice")
                    .isLessThanOrEqualTo(stalls);
            assertThat(node.silentDrops().rateLimited())
                    .as("packets that came too soon")
                    .isZero();
            assertThat(node.silentDrops().undecodable())
                    .as("frames without meaning")
                    .isZero();
            sent.forEach(one -> one.hasEndedOnce(environment));
            assertThat(asked).allMatch(Pending::isDone);
            assertThat(node.accepted()).isLessThanOrEqualTo(1 + stalls);
        }

        @Override
        public void close() {
            links.close();
            node.close();
        }
    }
}
