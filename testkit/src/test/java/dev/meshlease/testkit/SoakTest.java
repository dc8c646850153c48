package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.port;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Pending;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.Request;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.fault.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A day in the life of a link: leases come and go, send, ask and listen, while the connection fails in every way there is. The seed is
 * part of each failure's message; {@code -Dmeshlease.testkit.seed} has it again.
 */
class SoakTest {
    private static final Duration HALF_A_DAY = Duration.ofHours(12);
    private static final int MOST_LEASES = 6;

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final Random random = new Random(environment.seed());
    private final SimulatedNode node =
            SimulatedNode.builder().seed(environment.seed()).nodes(5).start(environment);
    private final LinkRegistry links = environment.registry();
    private final Holder keeper = new Holder(links.acquire(node.endpoint(), "keeper"));
    private final List<Holder> holders = new ArrayList<>();
    private final List<Sent> underWay = new ArrayList<>();
    private final List<Pending<?>> asked = new ArrayList<>();
    private final List<Injection> troubles = new ArrayList<>();
    private int thrown;
    private int slept;
    private int words;
    private int deliveries;
    private int acknowledged;
    private int questions;
    private int leases;
    private int strikes;
    private int heard;

    @AfterEach
    void end() {
        links.close();
        node.close();
    }

    /** Somebody whose listener throws at every packet, and somebody whose listener takes two seconds for each. */
    @BeforeEach
    void bad_company() {
        var unused = links.acquire(node.endpoint(), "thrower").subscribe(all(), packet -> {
            thrown++;
            throw new IllegalStateException("as always");
        });
        Lease slow = links.acquire(node.endpoint(), "sleeper");
        Inbox nothing = slow.inbox(port(PortNum.AUDIO_APP_VALUE));
        var alsoUnused = slow.subscribe(all(), packet -> {
            slept++;
            try {
                nothing.take(Duration.ofSeconds(2));
            } catch (WaitTimeoutException slept) {
                // That was the point.
            }
        });
    }

    @Test
    void a_day_of_trouble_leaves_nothing_behind_and_nothing_out() {
        live();
        String half = remains();
        live();

        assertThat(remains()).as("what is kept, %s", environment).isEqualTo(half);
        assertThat(timers(""))
                .as("timers, of which a day sets many thousands, %s", environment)
                .isLessThan(20);
        assertThat(List.of(deliveries, acknowledged, questions, leases, strikes, node.accepted(), heard, thrown, slept))
                .as(
                        "deliveries, acknowledged, questions, leases, strikes, connections, packets heard, thrown at, slept over; %s",
                        environment)
                .allMatch(count -> count > 100);
        links.close();
        node.close();
        environment.advance(Duration.ofMinutes(1)); // what was on its way when the node was turned off
        assertThat(timers("meshlease-loop"))
                .as("timers of the library, %s", environment)
                .isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .as("threads, %s", environment)
                .noneMatch(thread -> thread.getName().startsWith("meshlease-loop"));
    }

    private void live() {
        Instant until = environment.now().plus(HALF_A_DAY.minusMinutes(10));
        while (environment.now().isBefore(until)) {
            happens();
            environment.advance(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 60_000 : 3_000)));
            isInOrder();
        }
        comesToRest();
        environment.advance(Duration.between(environment.now(), until.plus(Duration.ofMinutes(10))));
    }

    private void happens() {
        switch (random.nextInt(12)) {
            case 0 -> comes();
            case 1 -> goes();
            case 2, 3 -> asked.add(anybody().lease.request(question()));
            case 4, 5, 6 -> node.peers().get(random.nextInt(5)).says("word " + words++);
            case 7 -> troubles();
            case 8 -> calms();
            default -> underWay.add(Sent.by(anybody().lease, message()));
        }
    }

    private Holder anybody() {
        return holders.isEmpty() ? keeper : holders.get(random.nextInt(holders.size()));
    }

    private void comes() {
        if (holders.size() < MOST_LEASES) {
            leases++;
            holders.add(new Holder(links.acquire(node.endpoint(), "holder " + leases)));
        }
    }

    private void goes() {
        if (!holders.isEmpty()) {
            holders.remove(random.nextInt(holders.size())).closes();
        }
    }

    private OutboundMessage message() {
        NodeId to =
                random.nextBoolean() ? NodeId.BROADCAST : node.peers().get(1).id();
        return OutboundMessage.text("word " + words++).to(to).wantAck();
    }

    private Request<?> question() {
        NodeId peer = node.peers().get(random.nextInt(5)).id();
        return switch (random.nextInt(4)) {
            case 0 -> Request.position(peer);
            case 1 -> Request.traceroute(peer);
            case 2 -> Request.telemetry(peer);
            default -> Request.metadata();
        };
    }

    private void troubles() {
        Duration time = Duration.ofMillis(1 + random.nextInt(60_000));
        troubles.add(node.inject(
                switch (random.nextInt(11)) {
                    case 0 -> Fault.close().times(1);
                    case 1 -> Fault.reset().times(1).at(Point.PACKET);
                    case 2 -> Fault.reboot().times(1);
                    case 3 -> Fault.rival().times(1);
                    case 4 -> Fault.silence().times(1).lasting(time);
                    case 5 -> Fault.stallReading().times(1).lasting(time);
                    case 6 -> Fault.stallWriting().times(1).lasting(time);
                    case 7 -> Fault.refuse(time);
                    case 8 -> Fault.drop().chance(0.1).lasting(time);
                    case 9 -> Fault.garbage().chance(0.3).lasting(time);
                    default -> Fault.duel(Duration.ofSeconds(5)).lasting(time);
                }));
    }

    private void calms() {
        troubles.forEach(trouble -> {
            strikes += trouble.strikes();
            trouble.close();
        });
        troubles.clear();
    }

    private void isInOrder() {
        assertThat(node.overlaps()).as("%s", environment).isEmpty();
        Stream.concat(holders.stream(), Stream.of(keeper)).forEach(Holder::isInOrder);
        underWay.removeIf(sent -> {
            if (sent.delivery.isDone()) {
                environment.settle();
                sent.hasEndedOnce(environment);
                deliveries++;
                acknowledged += sent.isAcknowledged() ? 1 : 0;
            }
            return sent.delivery.isDone();
        });
        questions += asked.size();
        asked.removeIf(Pending::isDone);
        questions -= asked.size();
    }

    private void comesToRest() {
        calms();
        environment.advance(Duration.ofMinutes(6));
        isInOrder();
        assertThat(underWay).as("deliveries without an end, %s", environment).isEmpty();
        assertThat(asked).as("questions without an end, %s", environment).isEmpty();
        holders.forEach(Holder::closes);
        holders.clear();
        environment.settle();
        assertThat(keeper.lease.status().isReady())
                .as("%s, %s", keeper.lease.status(), environment)
                .isTrue();
        assertThat(keeper.lease.link().leases())
                .as("keeper, thrower and sleeper, %s", environment)
                .hasSize(3);
    }

    /** How many timers are set on loops of that name. */
    private long timers(String loop) {
        return Reach.all(environment, Agenda.Entry.class)
                .filter(timer -> String.valueOf(timer.loop).contains(loop))
                .count();
    }

    /** How many there are of what a day makes many of. */
    private String remains() {
        return Stream.of(
                        "HeldLease",
                        "LeaseHandle",
                        "DeliveryHandle",
                        "RequestHandle",
                        "PushSubscription",
                        "PendingValue",
                        "MemoryLink")
                .map(kind -> kind + " " + Reach.of(List.of(links, environment), kind))
                .toList()
                .toString();
    }

    /** Somebody who listens to everything, and checks what is heard. */
    private final class Holder implements PacketListener {
        private final Lease lease;
        private long last;
        private String wrong = "";
        private boolean closed;

        Holder(Lease lease) {
            this.lease = lease;
            var unused = lease.subscribe(all(), this);
        }

        @Override
        public void onPacket(InboundPacket packet) {
            heard++;
            mayBeCalled();
            long position = packet.cursor().position();
            if (position <= last) { // In between is what leases have sent.
                wrong += "packet " + position + " behind " + last + "\n";
            }
            last = position;
        }

        @Override
        public void onGap(Gap gap) {
            mayBeCalled();
        }

        private void mayBeCalled() {
            if (closed) {
                wrong += "called although closed\n";
            }
        }

        void isInOrder() {
            assertThat(wrong).as("%s, %s", lease.holder(), environment).isEmpty();
        }

        void closes() {
            lease.close();
            closed = true;
            lease.close();
            environment.settle();
            isInOrder();
        }
    }
}
