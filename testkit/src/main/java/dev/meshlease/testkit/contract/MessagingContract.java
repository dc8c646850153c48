package dev.meshlease.testkit.contract;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.MessageTooLongException;
import dev.meshlease.PacketIdInUseException;
import dev.meshlease.RequestException;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import dev.meshlease.WhileDown;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.Position;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leases send, what becomes of it, what they ask, and what they are told: each its own, none at another's cost. */
public abstract class MessagingContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NodeId PEER = NodeId.of("!0000aa01");

    private ContractWorld world;
    private SimulatedNode node;
    private SimulatedPeer peer;
    private LinkRegistry links;
    private Lease bot;
    private Lease other;

    protected MessagingContract() {}

    /** A new world for one test. */
    protected abstract ContractWorld newWorld();

    @BeforeEach
    void start() {
        world = newWorld();
        node = world.start(SimulatedNode.builder().nodes(5));
        peer = node.peer(PEER);
        links = world.registry().build();
        bot = links.acquire(world.endpoint(node), "bot");
        other = links.acquire(world.endpoint(node), "other");
        bot.ready().await(PATIENCE);
    }

    @AfterEach
    void end() {
        links.close();
        node.close();
        world.close();
    }

    @Test
    void an_echo_bot_answers_from_its_callback() {
        bot.subscribe(texts(), packet -> {
            if (packet.text().startsWith("/echo ")) {
                bot.send(packet.reply(packet.text().substring(6)));
            }
        });

        peer.tells(node.id(), "/echo hello");

        world.eventually("answered", () -> node.sent().size() == 1);
        assertThat(node.sent().get(0).getTo()).isEqualTo(PEER.number());
        assertThat(node.sent().get(0).getDecoded().getPayload().toStringUtf8()).isEqualTo("hello");
        assertThat(node.sent().get(0).getHopLimit()).isEqualTo(3);
    }

    @Test
    void a_direct_message_is_acknowledged_by_its_destination() {
        Delivery delivery = bot.send(text("hello").to(PEER).wantAck());

        Acknowledgement ack = delivery.await(PATIENCE);

        assertThat(ack.by()).isEqualTo(PEER);
        assertThat(ack.isImplicit()).isFalse();
        assertThat(delivery.stage()).isEqualTo(DeliveryStage.ACKNOWLEDGED);
        assertThat(delivery.steps())
                .extracting(DeliveryStep::stage)
                .startsWith(DeliveryStage.QUEUED, DeliveryStage.WRITTEN, DeliveryStage.ACCEPTED)
                .endsWith(DeliveryStage.ACKNOWLEDGED);
    }

    @Test
    void a_broadcast_is_acknowledged_by_being_heard_repeated() {
        Acknowledgement ack = bot.send(text("hello all").wantAck()).await(PATIENCE);

        assertThat(ack.isImplicit()).isTrue();
        assertThat(ack.by()).isEqualTo(node.id());
    }

    @Test
    void a_message_without_ack_ends_when_the_node_accepts_it() {
        Delivery delivery = bot.send(text("hello"));

        delivery.reached(DeliveryStage.ACCEPTED).await(PATIENCE);

        assertThat(delivery.isDone()).isTrue();
        assertThatThrownBy(() -> delivery.await(PATIENCE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(delivery::future).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void texts_of_several_leases_are_delayed_rather_than_dropped_by_the_node() {
        List<Delivery> deliveries =
                List.of(bot.send(text("one").wantAck()), other.send(text("two").wantAck()));

        deliveries.forEach(delivery -> delivery.await(PATIENCE));

        assertThat(node.sent())
                .extracting(packet -> packet.getDecoded().getPayload().toStringUtf8())
                .containsExactly("one", "two");
        assertThat(node.silentDrops().rateLimited()).isZero();
    }

    @Test
    void what_cannot_fit_is_refused_before_it_is_sent() {
        assertThatThrownBy(() -> bot.send(text("x".repeat(233))))
                .isInstanceOfSatisfying(
                        MessageTooLongException.class,
                        refused -> assertThat(refused.limitBytes()).isEqualTo(232));

        bot.send(text("x".repeat(232))).reached(DeliveryStage.ACCEPTED).await(PATIENCE);

        assertThat(node.sent()).hasSize(1);
    }

    @Test
    void an_id_of_the_callers_own_is_used_and_refused_while_it_is_in_use() {
        peer.answers(false); // so that it stays in use
        OutboundMessage mine = OutboundMessage.of(
                text("mine").to(PEER).wantAck().proto().toBuilder().setId(4711).build());
        Delivery first = bot.send(mine);

        assertThat(first.packetId()).isEqualTo(4711);
        assertThatThrownBy(() -> other.send(mine)).isInstanceOf(PacketIdInUseException.class);

        first.reached(DeliveryStage.ACCEPTED).await(PATIENCE);
        assertThat(node.sent().get(0).getId()).isEqualTo(4711);
    }

    @Test
    void a_queued_message_can_be_taken_back() {
        bot.send(text("goes at once"));
        Delivery second = bot.send(text("waits for the node's interval").wantAck());

        assertThat(second.cancel()).isTrue();
        assertThat(second.cancel()).isFalse();

        world.eventually("ended", second::isDone);
        assertThatThrownBy(() -> second.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failed -> assertThat(failed.reason()).contains(DeliveryFailure.CANCELLED));
    }

    @Test
    void closing_a_lease_cancels_what_it_has_queued_and_nothing_else() {
        Delivery first = bot.send(text("first"));
        Delivery mine = bot.send(text("mine").wantAck());
        Delivery others = other.send(text("others").wantAck());

        bot.close();

        others.await(PATIENCE);
        assertThat(first.stage()).isEqualTo(DeliveryStage.ACCEPTED);
        assertThatThrownBy(() -> mine.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failed -> assertThat(failed.reason()).contains(DeliveryFailure.LEASE_CLOSED));
        assertThat(node.sent()).hasSize(2);
    }

    @Test
    void draining_before_closing_lets_everything_out() {
        Delivery first = bot.send(text("first"));
        Delivery second = bot.send(text("second"));

        bot.close(PATIENCE);

        assertThat(first.stage()).isEqualTo(DeliveryStage.ACCEPTED);
        assertThat(second.stage()).isEqualTo(DeliveryStage.ACCEPTED);
    }

    @Test
    void messages_wait_for_the_link_or_fail_at_once_as_the_holder_chose() {
        try (Lease patient = links.acquire(world.nobody(), LeaseOptions.of("patient"));
                Lease hasty =
                        links.acquire(world.nobody(), LeaseOptions.of("hasty").whileDown(WhileDown.REFUSE))) {
            Delivery waits = patient.send(text("later"));
            Delivery fails = hasty.send(text("now or never"));

            world.eventually("refused", fails::isDone);

            assertThat(fails.steps().get(fails.steps().size() - 1).failure()).contains(DeliveryFailure.LINK_DOWN);
            assertThat(waits.stage()).isEqualTo(DeliveryStage.QUEUED);
        }
    }

    @Test
    void requests_are_answered_to_the_lease_that_asked_and_seen_by_the_others() {
        Inbox traffic = other.inbox(dev.meshlease.message.PacketFilter.from(PEER));

        Position where = bot.request(Request.position(PEER)).await(PATIENCE);

        assertThat(where.hasLatitudeI()).isTrue();
        assertThat(((InboundPacket) traffic.take(PATIENCE)).as(PayloadType.POSITION))
                .contains(where);
        assertThat(bot.request(Request.metadata()).await(PATIENCE).getFirmwareVersion())
                .isEqualTo(bot.node().metadata().getFirmwareVersion());
        assertThat(bot.request(Request.owner().withPacket())
                        .await(PATIENCE)
                        .packet()
                        .from())
                .isEqualTo(node.id());
        assertThat(bot.request(Request.channel(0)).await(PATIENCE).getIndex()).isZero();
    }

    @Test
    void a_request_that_is_not_answered_ends_in_a_typed_timeout() {
        peer.answers(false);

        assertThatThrownBy(() -> bot.request(Request.position(PEER).within(Duration.ofMillis(700)))
                        .await(PATIENCE))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        failed -> assertThat(failed.reason()).isEqualTo(RequestException.Reason.TIMEOUT));
    }

    @Test
    void waiting_for_an_answer_inside_a_callback_works() {
        List<Position> found = new CopyOnWriteArrayList<>();
        bot.subscribe(
                texts(),
                packet -> found.add(bot.request(Request.position(packet.from())).await(PATIENCE)));

        peer.says("where am I?");

        world.eventually("answered", () -> found.size() == 1);
    }

    @Test
    void a_listener_that_throws_stays_registered_and_hurts_nobody() {
        AtomicInteger calls = new AtomicInteger();
        bot.subscribe(texts(), packet -> {
            calls.incrementAndGet();
            throw new IllegalStateException("thrown by the test's listener, as intended");
        });
        Inbox inbox = other.inbox(texts());

        peer.says("one");
        peer.says("two");

        assertThat(SharedLinkContract.text(inbox.take(PATIENCE))).isEqualTo("one");
        assertThat(SharedLinkContract.text(inbox.take(PATIENCE))).isEqualTo("two");
        world.eventually("called twice", () -> calls.get() == 2);
    }

    @Test
    void a_listener_can_close_its_own_lease() {
        AtomicInteger calls = new AtomicInteger();
        bot.subscribe(texts(), packet -> {
            calls.incrementAndGet();
            bot.close();
        });
        Inbox inbox = other.inbox(texts());

        peer.says("one");
        SharedLinkContract.text(inbox.take(PATIENCE));
        peer.says("two");
        SharedLinkContract.text(inbox.take(PATIENCE));

        bot.closed().await(PATIENCE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void a_full_inbox_counts_exactly_what_it_lost_at_its_place() {
        Inbox small = bot.inbox(texts().capacity(2, Overflow.DROP_OLDEST));
        Inbox large = other.inbox(texts());
        for (int i = 1; i <= 5; i++) {
            peer.says("packet " + i);
            SharedLinkContract.text(large.take(PATIENCE));
        }

        assertThat(small.poll()).isInstanceOfSatisfying(Gap.class, gap -> {
            assertThat(gap.reason()).isEqualTo(Gap.Reason.INBOX_FULL);
            assertThat(gap.missed()).isEqualTo(OptionalLong.of(3));
        });
        assertThat(SharedLinkContract.text(small.take(PATIENCE))).isEqualTo("packet 4");
        assertThat(SharedLinkContract.text(small.take(PATIENCE))).isEqualTo("packet 5");
        assertThat(small.poll()).isNull();
        assertThat(bot.link().leases().get(0).dropped()).isEqualTo(3);
    }

    @Test
    void a_holder_that_never_reads_fails_alone_if_it_asked_for_that() {
        Inbox strict = bot.inbox(texts().capacity(1, Overflow.FAIL_LEASE));
        Inbox large = other.inbox(texts());
        peer.says("one");
        SharedLinkContract.text(large.take(PATIENCE));
        peer.says("two");
        SharedLinkContract.text(large.take(PATIENCE));

        world.eventually("failed", () -> !strict.isOpen());
        assertThatThrownBy(() -> bot.closed().await(PATIENCE)).hasMessageContaining("FAIL_LEASE");
        assertThat(other.status().state()).isEqualTo(LinkState.READY);
    }

    @Test
    void conditions_of_the_holder_are_judged_on_its_side() {
        Inbox inbox = bot.inbox(texts().and(where(packet -> packet.text().startsWith("b"))));
        Inbox all = other.inbox(texts());
        for (String said : List.of("apple", "banana", "cherry", "blueberry")) {
            peer.says(said);
            SharedLinkContract.text(all.take(PATIENCE));
        }

        assertThat(SharedLinkContract.text(inbox.take(PATIENCE))).isEqualTo("banana");
        assertThat(SharedLinkContract.text(inbox.take(PATIENCE))).isEqualTo("blueberry");
        assertThat(inbox.poll()).isNull();
    }

    @Test
    void a_watch_sees_the_current_status_first_and_then_every_transition() {
        List<LinkState> seen = new CopyOnWriteArrayList<>();
        Subscription watch = bot.watch(Watch.status(), (LinkStatus status) -> seen.add(status.state()));
        world.eventually("current status", () -> !seen.isEmpty());

        node.disconnectClient();

        world.eventually("back", () -> seen.size() >= 5);
        assertThat(seen)
                .containsExactly(
                        LinkState.READY,
                        LinkState.BACKING_OFF,
                        LinkState.CONNECTING,
                        LinkState.HANDSHAKING,
                        LinkState.READY);
        watch.close();
        assertThat(watch.isOpen()).isFalse();
    }
}
