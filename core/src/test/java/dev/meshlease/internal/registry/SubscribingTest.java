package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Watch;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From which packet on a subscription counts, while the loop is busy. */
class SubscribingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Node node = new Node();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final Lease lease = links.acquire("node://here", "bot");
    private final CountDownLatch busy = new CountDownLatch(1);

    @AfterEach
    void end() {
        busy.countDown();
        links.close();
    }

    private void keepTheLoopBusy() {
        lease.ready().await(PATIENCE);
        node.loop.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void what_the_loop_reads_after_an_inbox_was_opened_is_in_it() {
        keepTheLoopBusy();
        node.says("read before any task that comes now");
        Inbox inbox = lease.inbox(texts());
        busy.countDown();

        assertThat(inbox.take(PATIENCE))
                .isInstanceOfSatisfying(
                        InboundPacket.class,
                        packet -> assertThat(packet.text()).isEqualTo("read before any task that comes now"));
    }

    @Test
    void what_was_read_after_an_inbox_was_closed_reaches_nobody() {
        keepTheLoopBusy();
        Inbox closed = lease.inbox(texts());
        Inbox open = lease.inbox(texts());
        closed.close();
        node.says("for one");
        busy.countDown();

        assertThat(open.take(PATIENCE)).isInstanceOf(InboundPacket.class);
        assertThat(lease.link().leases().get(0).subscriptions()).isEqualTo(1);
        assertThat(lease.link().leases().get(0).delivered()).isEqualTo(1);
    }

    @Test
    void a_watch_begins_with_the_status_at_that_moment_and_tells_none_twice() {
        keepTheLoopBusy();
        node.loop.execute(() -> node.events.closed(Loss.of(Loss.Kind.RESET, "by the test")));
        Queue<LinkState> states = new ConcurrentLinkedQueue<>();
        lease.watch(Watch.status(), (LinkStatus status) -> states.add(status.state()));
        busy.countDown();
        lease.ready().await(PATIENCE);
        lease.ready().await(PATIENCE);

        assertThat(Arrays.asList(states.toArray()))
                .startsWith(LinkState.BACKING_OFF)
                .doesNotHaveDuplicates();
    }

    /** A node that tells who it is, and then what a test says. */
    private static final class Node implements Transport, Target, ByteLink {
        volatile Loop loop;
        volatile ByteLinkListener events;

        void says(String text) {
            tell(FromRadio.newBuilder()
                    .setPacket(MeshPacket.newBuilder()
                            .setFrom(2)
                            .setTo(-1)
                            .setId(5)
                            .setDecoded(Data.newBuilder()
                                    .setPortnum(PortNum.TEXT_MESSAGE_APP)
                                    .setPayload(ByteString.copyFromUtf8(text)))));
        }

        private void tell(FromRadio.Builder message) {
            ByteBuffer bytes = FrameEncoder.encode(message.build());
            loop.execute(() -> events.received(bytes));
        }

        @Override
        public int write(ByteBuffer bytes) {
            int length = bytes.remaining();
            byte[] payload = new byte[length - 4];
            bytes.position(bytes.position() + 4).get(payload);
            try {
                ToRadio message = ToRadio.parseFrom(payload);
                if (message.hasWantConfigId()) {
                    tell(FromRadio.newBuilder()
                            .setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(1)));
                    tell(FromRadio.newBuilder().setConfigCompleteId(message.getWantConfigId()));
                }
            } catch (InvalidProtocolBufferException malformed) {
                throw new AssertionError(malformed);
            }
            return length;
        }

        @Override
        public void close() {
            loop.execute(() -> events.closed(Loss.of(Loss.Kind.CLOSED, "closed")));
        }

        @Override
        public void abort() {
            close();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            permit.redeem(keys());
            this.loop = loop;
            this.events = events;
            loop.execute(events::opened);
            return this;
        }

        @Override
        public Set<LinkKey> keys() {
            return Set.of(new LinkKey("node", "here"));
        }

        @Override
        public String scheme() {
            return "node";
        }

        @Override
        public String check(String address) {
            return address;
        }

        @Override
        public CompletionStage<Target> locate(String address, Environment environment) {
            return CompletableFuture.completedFuture(this);
        }
    }
}
