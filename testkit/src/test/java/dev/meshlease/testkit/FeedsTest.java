package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.port;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Subscription;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.testkit.node.FirmwareProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of packets: where they begin, where they go on, and what they do to each other. */
class FeedsTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);
    private static final NodeId OTHER = new NodeId(0x0c0ffee1);

    private final VirtualEnvironment time = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(time);
    private LinkRegistry links = time.registry();

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private Lease lease() {
        Lease lease = links.acquire(node.endpoint(), "holder");
        lease.ready().await(Duration.ofSeconds(10));
        return lease;
    }

    private void says(String... texts) {
        for (String text : texts) {
            node.peer(PEER).says(text);
            time.advance(Duration.ofSeconds(1));
        }
    }

    private static List<String> rest(Inbox inbox) {
        List<String> words = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            words.add(words(next));
        }
        return words;
    }

    private static String words(Arrival arrival) {
        if (arrival instanceof Gap gap) {
            return gap.reason() + (gap.missed().isPresent() ? " " + gap.missed().getAsLong() : "");
        }
        return ((InboundPacket) arrival).text();
    }

    @Test
    void a_stream_that_goes_on_has_the_loss_of_the_link_at_its_place() {
        Lease lease = lease();
        Inbox first = lease.inbox(texts());
        says("one");
        assertThat(rest(first)).containsExactly("one");
        Cursor place = first.cursor();
        first.close();
        says("two");
        node.disconnectClient();
        time.advance(Duration.ofMinutes(1));
        says("three");

        assertThat(rest(lease.inbox(texts().after(place)))).containsExactly("two", "LINK_DOWN", "three");
    }

    @Test
    void what_is_not_kept_is_counted() {
        links.close();
        links = LinkRegistry.builder()
                .environment(time)
                .transport(time.transport())
                .defaults(LinkOptions.builder().history(2, 10_000).build())
                .build();
        Lease lease = lease();
        Cursor place = lease.node().cursor();
        says("one", "two", "three", "four", "five");

        assertThat(rest(lease.inbox(texts().after(place)))).containsExactly("HISTORY_EXPIRED 3", "four", "five");
    }

    @Test
    void an_inbox_that_goes_on_reads_the_past_at_its_own_pace() {
        Lease lease = lease();
        Cursor place = lease.node().cursor();
        says("one", "two", "three", "four");
        Inbox inbox = lease.inbox(texts().after(place).capacity(1, Overflow.DROP_OLDEST));

        assertThat(words(inbox.poll())).isEqualTo("one");
        says("five");
        assertThat(rest(inbox)).containsExactly("two", "three", "four", "five");
        says("six", "seven");
        assertThat(rest(inbox)).as("live by now, and so limited").containsExactly("INBOX_FULL 1", "seven");
    }

    @Test
    void a_place_of_another_link_is_refused() {
        Lease lease = lease();
        Cursor foreign = new Cursor(lease.node().cursor().link() + 1, 0);

        assertThatThrownBy(() -> lease.inbox(texts().after(foreign)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another link");
        assertThatThrownBy(() -> lease.publisher(texts().after(foreign))).isInstanceOf(IllegalArgumentException.class);
        assertThat(lease.link().leases().get(0).subscriptions()).isZero();
    }

    @Test
    void of_each_sender_the_latest_is_kept() {
        Lease lease = lease();
        Inbox inbox = lease.inbox(texts().capacity(10, Overflow.LATEST_PER_SENDER));
        says("old");
        node.peer(OTHER).says("other");
        says("new");

        assertThat(rest(inbox)).containsExactly("INBOX_FULL 1", "other", "new");
    }

    @Test
    void an_inbox_that_must_not_lose_anything_ends_its_lease_and_no_other() {
        Lease strict = lease();
        Lease other = links.acquire(node.endpoint(), "other");
        Inbox full = strict.inbox(texts().capacity(1, Overflow.FAIL_LEASE));
        Inbox fine = other.inbox(texts());
        says("one", "two");

        assertThat(full.isOpen()).isFalse();
        assertThatThrownBy(() -> strict.closed().await(Duration.ofSeconds(1))).hasMessageContaining("FAIL_LEASE");
        assertThat(rest(fine)).containsExactly("one", "two");
    }

    @Test
    void an_inline_listener_may_throw_close_and_not_wait() {
        Lease lease = lease();
        List<String> heard = new ArrayList<>();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        own.set(lease.subscribe(texts().inline(), packet -> {
            heard.add(packet.text());
            if (packet.text().equals("wait")) {
                try {
                    lease.ready().await(Duration.ofSeconds(1));
                } catch (RuntimeException e) {
                    refused.set(e);
                }
            } else if (packet.text().equals("close")) {
                own.get().close();
            }
            throw new IllegalStateException("thrown by the test's listener");
        }));
        Inbox beside = lease.inbox(texts());
        says("wait", "close", "after");

        assertThat(heard).containsExactly("wait", "close");
        assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
        assertThat(rest(beside)).containsExactly("wait", "close", "after");
        assertThat(own.get().isOpen()).isFalse();
    }

    @Test
    void a_listener_may_close_whatever_it_likes() {
        Lease lease = lease();
        List<String> heard = new ArrayList<>();
        lease.subscribe(texts(), packet -> {
            heard.add(packet.text());
            links.close();
        });
        says("one", "two");

        assertThat(heard).containsExactly("one");
        assertThat(links.links()).isEmpty();
    }

    @Test
    void an_inbox_runs_nothing() {
        Lease lease = lease();

        assertThatThrownBy(() -> lease.inbox(texts().inline())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.inbox(texts().on(Runnable::run))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.publisher(texts().inline())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> texts().inline().on(Runnable::run)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_firmware_2_8_says_again_after_a_reconnect_is_marked() {
        SimulatedNode talkative =
                SimulatedNode.builder().firmware(FirmwareProfile.V2_8).nodes(3).start(time);
        Lease lease = links.acquire(talkative.endpoint(), "holder");
        Inbox inbox = lease.inbox(port(PortNum.POSITION_APP_VALUE));
        talkative
                .peers()
                .get(0)
                .sends(
                        PayloadType.POSITION,
                        Position.newBuilder().setLatitudeI(1).setLongitudeI(2).build());
        time.advance(Duration.ofMinutes(1));
        List<Boolean> before = repeats(inbox);
        talkative.disconnectClient();
        time.advance(Duration.ofMinutes(1));
        List<Boolean> between = repeats(inbox);
        talkative.disconnectClient();
        time.advance(Duration.ofMinutes(1));

        assertThat(before).isNotEmpty().containsOnly(false);
        assertThat(between).as("what is said again has an id of its own").isNotEmpty();
        assertThat(repeats(inbox)).as("and has it again each time").isNotEmpty().containsOnly(true);
        talkative.close();
    }

    private static List<Boolean> repeats(Inbox inbox) {
        List<Boolean> repeats = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            if (next instanceof InboundPacket packet) {
                repeats.add(packet.reception().isRepeat());
            }
        }
        return repeats;
    }
}
