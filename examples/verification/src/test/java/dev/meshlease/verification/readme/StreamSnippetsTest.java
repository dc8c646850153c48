package dev.meshlease.verification.readme;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.broadcast;
import static dev.meshlease.message.PacketFilter.channel;
import static dev.meshlease.message.PacketFilter.direct;
import static dev.meshlease.message.PacketFilter.from;
import static dev.meshlease.message.PacketFilter.port;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.OwnedLink;
import dev.meshlease.Subscription;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Feed;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.message.PacketListener;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the page on streams says in Java; it shows the marked lines. */
class StreamSnippetsTest {
    private static final NodeId FRIEND = new NodeId(0x0c0ffee0);

    private final VirtualEnvironment time = VirtualEnvironment.create(1);
    private final SimulatedNode node = SimulatedNode.builder().start(time);
    private final LinkRegistry links = LinkRegistry.builder()
            .environment(time)
            .transport(time.transport())
            .defaults(historyOf())
            .build();
    private final Lease lease = links.acquire(node.endpoint(), "holder");
    private final List<String> log = new ArrayList<>();

    StreamSnippetsTest() {
        lease.ready().await(ofSeconds(30));
    }

    private static LinkOptions historyOf() {
        // tag::history
        LinkOptions longMemory =
                LinkOptions.builder().history(10_000, 8_000_000).build();
        // end::history
        return longMemory;
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private void says(String... texts) {
        for (String text : texts) {
            node.peer(FRIEND).says(text);
            time.advance(ofSeconds(1));
        }
    }

    @Test
    void filters_are_values() {
        NodeId friend = FRIEND;
        // tag::filters
        PacketFilter chat = texts().and(channel(0)).and(broadcast());
        PacketFilter fromOthers = from(friend).not();
        PacketFilter alarms = port(PortNum.DETECTION_SENSOR_APP_VALUE)
                .or(texts().and(where(packet -> packet.text().startsWith("!"))));
        // end::filters
        Inbox chats = lease.inbox(chat);
        Inbox others = lease.inbox(texts().and(fromOthers.or(direct())));
        Inbox loud = lease.inbox(alarms);
        says("hello", "!fire");

        assertThat(rest(chats)).containsExactly("hello", "!fire");
        assertThat(rest(others)).isEmpty();
        assertThat(rest(loud)).containsExactly("!fire");
    }

    @Test
    void push() {
        // tag::push
        Subscription subscription =
                lease.subscribe(texts().capacity(1_000, Overflow.DROP_OLDEST), new PacketListener() {
                    @Override
                    public void onPacket(InboundPacket packet) {
                        log.add(packet.text());
                    }

                    @Override
                    public void onGap(Gap gap) {
                        log.add(gap.reason() + " " + gap.missed());
                    }
                });
        // end::push
        says("one");
        node.disconnectClient();
        time.advance(ofSeconds(10));

        assertThat(log).containsExactly("one", "LINK_DOWN OptionalLong.empty");
        assertThat(subscription.isOpen()).isTrue();
    }

    @Test
    void pull() {
        says("too early");
        Inbox opened = lease.inbox(texts());
        says("one");
        assertThat(rest(opened)).containsExactly("one");
        node.peer(FRIEND).says("two");
        // tag::pull
        try (Inbox inbox = lease.inbox(texts())) {
            Arrival next = inbox.take(ofSeconds(30)); // poll() does not wait, and has null for nothing
            if (next instanceof InboundPacket packet) {
                log.add(packet.text());
            } else if (next instanceof Gap gap) {
                log.add("missing: " + gap.reason());
            }
        }
        // end::pull
        assertThat(log).containsExactly("two");
    }

    @Test
    void publish() {
        Notes subscriber = new Notes(2);
        // tag::publisher
        Flow.Publisher<Arrival> publisher = lease.publisher(texts());
        publisher.subscribe(subscriber);
        // end::publisher
        time.settle();
        says("one", "two", "three");
        lease.close();
        time.settle();

        assertThat(subscriber.lines()).containsExactly("one", "two", "complete");
    }

    @Test
    void inline() {
        AtomicInteger count = new AtomicInteger();
        // tag::inline
        lease.subscribe(all().inline(), packet -> count.incrementAndGet());
        // end::inline
        says("one", "two");

        assertThat(count).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void executors_of_ones_own() {
        Executor pool = Runnable::run;
        Notes writer = new Notes(0);
        AtomicBoolean isFull = new AtomicBoolean();
        Executor disk = task -> {
            if (isFull.get()) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        };
        // tag::executors
        Lease archive = links.acquire(
                node.endpoint(), LeaseOptions.of("archive").callbacks(pool).inbox(1_000, Overflow.DROP_OLDEST));
        archive.subscribe(texts().on(disk), writer); // only this feed; the lease's others stay in the pool
        // end::executors
        archive.subscribe(texts(), packet -> log.add(packet.text()));
        says("one");
        isFull.set(true);
        says("two", "three");
        isFull.set(false);
        says("four");

        assertThat(writer.lines()).containsExactly("one", "INBOX_FULL 2", "four");
        assertThat(log).containsExactly("one", "two", "three", "four");
        assertThat(archive.link().leases().get(1).dropped()).isEqualTo(2);
    }

    @Test
    void a_stream_goes_on_where_it_stopped() {
        Inbox inbox = lease.inbox(texts());
        says("one");
        assertThat(rest(inbox)).containsExactly("one");
        // tag::resume
        Cursor place = inbox.cursor(); // how far it was read, whatever is still in it
        inbox.close();
        time.advance(ofHours(1)); // a pause: the lease stays, and so do link and history
        Inbox again = lease.inbox(texts().after(place));
        // end::resume
        says("two");

        assertThat(rest(again)).containsExactly("two");
    }

    @Test
    void a_place_lasts_as_long_as_its_link() {
        Cursor place = lease.node().cursor();
        lease.close();
        time.advance(ofSeconds(10));
        OwnedLink declared = links.open(node.endpoint(), LinkOptions.builder().build());
        Lease first = declared.acquire("first");
        first.ready().await(ofSeconds(30));

        assertThatIllegalArgumentException().isThrownBy(() -> first.inbox(texts().after(place)));

        Cursor kept = first.node().cursor();
        says("one");
        first.close();
        time.advance(ofHours(1));
        assertThat(rest(declared.acquire("second").inbox(texts().after(kept)))).startsWith("one");
    }

    @Test
    void snapshot_and_stream_join() {
        says("in the picture");
        List<String> heard = new ArrayList<>();
        // tag::snapshot
        NodeSnapshot snapshot = lease.ready().await(ofSeconds(30));
        show(snapshot.nodes()); // as it is at snapshot.cursor(); take all the time it needs
        lease.subscribe(all().after(snapshot.cursor()), packet -> heard.add(packet.toString()));
        // end::snapshot
        says("after it");

        assertThat(heard).filteredOn(line -> line.startsWith("TEXT")).hasSize(2);
    }

    /** What comes while the picture is being shown. */
    private void show(Object nodes) {
        assertThat(nodes).isNotNull();
        says("meanwhile");
    }

    @Test
    void siblings_and_repeats() {
        Lease other = links.acquire(node.endpoint(), "other");
        // tag::siblings
        Feed conversation = texts().withSiblings();
        lease.subscribe(conversation, packet -> {
            if (!packet.reception().isRepeat()) {
                log.add((packet.reception().isFromSibling() ? "we: " : "they: ") + packet.text());
            }
        });
        // end::siblings
        says("one");
        other.send(text("two"));
        time.advance(ofSeconds(1));

        assertThat(log).containsExactly("they: one", "we: two");
    }

    @Test
    void holders_are_seen_by_all() {
        lease.inbox(texts().capacity(1, Overflow.DROP_OLDEST));
        says("one", "two");
        // tag::leases
        for (LeaseInfo info : lease.link().leases()) {
            log.add(info.holder() + " has lost " + info.dropped() + ", has still to read " + info.queued());
        }
        // end::leases
        assertThat(log).containsExactly("holder has lost 1, has still to read 1");
    }

    private static List<String> rest(Inbox inbox) {
        List<String> words = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            words.add(Notes.words(next));
        }
        return words;
    }
}
