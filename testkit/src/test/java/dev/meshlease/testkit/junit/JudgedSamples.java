package dev.meshlease.testkit.junit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.VirtualTime;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Test classes that {@link JudgementTest} runs. Most of them do what they should not. */
final class JudgedSamples {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private JudgedSamples() {}

    private abstract static class Strict {
        @Simulated(nodes = 1, strict = true)
        SimulatedNode node;

        NodeId peer() {
            return node.peers().get(0).id();
        }
    }

    static final class SaysAllThatItDoes extends Strict {
        @Test
        void test(LinkRegistry links) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
                assertThat(bot.send(text("pong").to(peer()).wantAck())).isAcknowledged();
                assertThat(node)
                        .received(text("pong").to(peer()).wantAck())
                        .receivedNothingElse()
                        .acceptedExactlyOneClient()
                        .evicted(0)
                        .droppedNothingSilently();
            }
        }
    }

    static final class SendsWhatNobodyExpects extends Strict {
        @Test
        void test(LinkRegistry links, VirtualTime time) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
                bot.send(text("a surprise"));
                time.advance(Duration.ofSeconds(1));
            }
        }
    }

    static final class LeavesALeaseOpen extends Strict {
        @Test
        void test(LinkRegistry links) {
            links.acquire(node.endpoint(), "forgetful").ready().await(PATIENCE);
        }
    }

    static final class LosesALeaseToTheCollector extends Strict {
        @Test
        void test(LinkRegistry links) {
            links.acquire(node.endpoint(), "lost").ready().await(PATIENCE);
            for (int i = 0; i < 20; i++) {
                System.gc();
            }
        }
    }

    static final class MayLeaveALeaseOpen {
        @Simulated
        SimulatedNode node;

        @Test
        void test(LinkRegistry links) {
            links.acquire(node.endpoint(), "forgetful").ready().await(PATIENCE);
        }
    }

    /** A client that says what a library should not. */
    private abstract static class Rude extends Strict {
        abstract byte[] words();

        @Test
        void test(VirtualEnvironment environment) {
            ByteLink client = connect(environment, node.endpoint(), words());
            environment.advance(Duration.ofSeconds(2));
            close(environment, client);
        }
    }

    static byte[] frame(ToRadio.Builder message) {
        return NodeFraming.frame(message.build().toByteArray());
    }

    static final class SendsNoise extends Rude {
        @Override
        byte[] words() {
            return "GET / HTTP/1.1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    static final class SendsNoMessage extends Rude {
        @Override
        byte[] words() {
            return NodeFraming.frame(new byte[] {(byte) 0xff, (byte) 0xff});
        }
    }

    static final class SendsTooEarly extends Rude {
        @Override
        byte[] words() {
            return frame(ToRadio.newBuilder()
                    .setPacket(MeshPacket.newBuilder()
                            .setTo(NodeId.BROADCAST.number())
                            .setId(7)
                            .setDecoded(Data.newBuilder().setPortnum(PortNum.PRIVATE_APP))));
        }
    }

    static final class AsksByZero extends Rude {
        @Override
        byte[] words() {
            return frame(ToRadio.newBuilder().setWantConfigId(0));
        }
    }

    static final class BeatsLoudly extends Rude {
        @Override
        byte[] words() {
            return frame(
                    ToRadio.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNonce(1)));
        }
    }

    static final class RepeatsAnId extends Strict {
        @Test
        void test(VirtualEnvironment environment) {
            byte[] packet = frame(ToRadio.newBuilder()
                    .setPacket(MeshPacket.newBuilder()
                            .setTo(NodeId.BROADCAST.number())
                            .setId(7)
                            .setDecoded(Data.newBuilder().setPortnum(PortNum.PRIVATE_APP))));
            ByteBuffer words =
                    ByteBuffer.allocate(2 * packet.length).put(packet).put(packet);
            ByteLink client = connect(environment, node.endpoint(), words.array());
            environment.advance(Duration.ofSeconds(2));
            close(environment, client);
        }
    }

    static final class WakesUpPolitely extends Rude {
        @Override
        byte[] words() {
            return new byte[] {(byte) 0xC3, (byte) 0xC3, (byte) 0xC3};
        }
    }

    static final class ConnectsTwice {
        @Simulated
        SimulatedNode node;

        @Test
        void test(VirtualEnvironment environment) {
            ByteLink first = connect(environment, node.endpoint(), new byte[0]);
            ByteLink second = connect(environment, node.endpoint(), new byte[0]);
            close(environment, first);
            close(environment, second);
        }
    }

    static final class MayConnectTwice {
        @Simulated(rivals = true)
        SimulatedNode node;

        @Test
        void test(VirtualEnvironment environment) {
            ByteLink first = connect(environment, node.endpoint(), new byte[0]);
            ByteLink second = connect(environment, node.endpoint(), new byte[0]);
            close(environment, first);
            close(environment, second);
        }
    }

    static final class IsEvictedAndComesBack {
        @Simulated
        SimulatedNode node;

        @Test
        void test(LinkRegistry links, VirtualTime time) {
            links.acquire(node.endpoint(), "bot").ready().await(PATIENCE);
            node.evictClient();
            time.advance(Duration.ofMinutes(1));
            assertThat(node).evicted(1).accepted(3);
        }
    }

    static final class LeavesItsNodeStalled {
        @Simulated
        SimulatedNode node;

        @Test
        void test(LinkRegistry links) {
            links.acquire(node.endpoint(), "bot").ready().await(PATIENCE);
            var unused = node.inject(Fault.stallReading());
        }
    }

    static final class LeavesItsTransportStalled {
        @Simulated
        SimulatedNode node;

        @Test
        void test(LinkRegistry links, VirtualEnvironment environment) {
            links.acquire(node.endpoint(), "bot").ready().await(PATIENCE);
            environment.transport().stall(node.endpoint());
        }
    }

    static final class KeepsItsOwnRegistryAndStalls {
        @Simulated
        SimulatedNode node;

        @Test
        void test(VirtualEnvironment environment) {
            KeepsItsOwnRegistry.own = environment.registry();
            KeepsItsOwnRegistry.own.acquire(node.endpoint(), "own").ready().await(PATIENCE);
            var unused = node.inject(Fault.stallReading());
        }
    }

    static final class KeepsItsOwnRegistry {
        static LinkRegistry own;

        @Simulated
        SimulatedNode node;

        @Test
        void test(VirtualEnvironment environment) {
            own = environment.registry();
            own.acquire(node.endpoint(), "own").ready().await(PATIENCE);
        }
    }

    static final class LeavesAThread {
        static final CountDownLatch END = new CountDownLatch(1);

        @Simulated
        SimulatedNode node;

        @Test
        void test() {
            Thread loop = new Thread(
                    () -> {
                        try {
                            END.await();
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "meshlease-loop-forgotten");
            loop.setDaemon(true);
            loop.start();
        }
    }

    static final class ClosesItsNode {
        @Simulated(face = Simulated.Face.TCP, strict = true)
        SimulatedNode node;

        @Test
        void test() {
            node.close();
            assertThat(node).hasNoClient().accepted(0);
        }
    }

    static final class FailsAfterItsNodeHasGone {
        @Simulated(face = Simulated.Face.TCP)
        SimulatedNode node;

        @Test
        void test() {
            node.close();
            throw new AssertionError("on purpose");
        }
    }

    static final class Fails {
        @Simulated
        SimulatedNode node;

        @Test
        void test(LinkRegistry links) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            bot.send(text("hello"));
            assertThat(node).received(OutboundMessage.text("goodbye"));
        }
    }

    static final class RunsBesideItself extends Strict {
        @RepeatedTest(8)
        void test(LinkRegistry links) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
            }
        }
    }

    static final class RepeatsWhatAFaultHasHeldUp extends Strict {
        @Test
        void test(LinkRegistry links, VirtualTime time) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
                time.advance(Duration.ofSeconds(1));
                var unused = node.inject(Fault.silence().to(Receiver.CLIENT).lasting(Duration.ofSeconds(8)));
                bot.send(text("pong").to(peer()));
                assertThat(node).received(text("pong").to(peer()));
                time.advance(Duration.ofSeconds(20));
                if (node.silentDrops().repeatedIds() != 1) {
                    throw new AssertionError("It has not said it again: " + node.silentDrops());
                }
            }
        }
    }

    static ByteLink connect(VirtualEnvironment environment, Endpoint endpoint, byte[] words) {
        var located =
                environment.transport().locate(endpoint.address(), environment).toCompletableFuture();
        environment.settle();
        var target = located.join();
        Loop loop = environment.newLoop("client");
        var links = new ByteLink[1];
        loop.execute(() ->
                links[0] = target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), loop, new ByteLinkListener() {
                    @Override
                    public void opened() {
                        links[0].write(ByteBuffer.wrap(words));
                    }

                    @Override
                    public void writable() {}

                    @Override
                    public void received(ByteBuffer bytes) {}

                    @Override
                    public void closed(Loss loss) {}
                }));
        environment.advance(Duration.ofSeconds(1));
        return new ByteLink() {
            @Override
            public int write(ByteBuffer bytes) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {
                loop.execute(links[0]::close);
            }

            @Override
            public void abort() {
                loop.execute(links[0]::abort);
            }
        };
    }

    static void close(VirtualEnvironment environment, ByteLink client) {
        client.close();
        environment.advance(Duration.ofSeconds(1));
    }
}
