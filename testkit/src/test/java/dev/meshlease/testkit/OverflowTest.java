package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.from;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a full inbox loses by its policy, and where its stream says so. */
class OverflowTest extends OneNode {
    private static final NodeId SECOND = new NodeId(0x0c0ffee1);
    private static final NodeId THIRD = new NodeId(0x0c0ffee2);

    private final Lease lease = lease("holder");

    private Inbox inbox(int packets, Overflow policy) {
        return lease.inbox(texts().capacity(packets, policy));
    }

    @Test
    void the_newest_are_missing_behind_what_was_kept() {
        Inbox inbox = inbox(2, Overflow.DROP_NEWEST);
        says("one", "two", "three", "four");

        assertThat(Heard.rest(inbox)).containsExactly("one", "two", "INBOX_FULL 2");
        assertThat(info(lease).delivered()).isEqualTo(2);
        assertThat(info(lease).dropped()).isEqualTo(2);
        says("five");
        assertThat(Heard.rest(inbox)).containsExactly("five");
    }

    @Test
    void the_newest_are_missing_before_what_came_when_there_was_room_again() {
        Inbox inbox = inbox(2, Overflow.DROP_NEWEST);
        says("one", "two", "three");
        assertThat(Heard.words(inbox.poll())).isEqualTo("one");
        says("four", "five", "six");

        assertThat(Heard.rest(inbox)).containsExactly("two", "INBOX_FULL 1", "four", "INBOX_FULL 2");
    }

    @Test
    void the_newest_that_a_waiting_listener_had_no_room_for_are_told_to_it() {
        Inbox empty = lease.inbox(from(THIRD));
        Heard heard = new Heard() {
            @Override
            public void onPacket(InboundPacket packet) {
                super.onPacket(packet);
                if (packet.text().equals("one")) {
                    List.of("two", "three", "four", "five").forEach(node.peer(PEER)::says);
                    assertThatThrownBy(() -> empty.take(Duration.ofSeconds(10)))
                            .isInstanceOf(WaitTimeoutException.class);
                }
            }
        };
        lease.subscribe(texts().capacity(2, Overflow.DROP_NEWEST), heard);
        says("one");
        says("six");

        assertThat(heard.words).containsExactly("one", "two", "three", "INBOX_FULL 2", "six");
        assertThat(info(lease).dropped()).isEqualTo(2);
    }

    @Test
    void a_feed_behind_the_gap_of_the_newest_goes_on_there() {
        Inbox inbox = inbox(1, Overflow.DROP_NEWEST);
        says("one", "two", "three");
        assertThat(Heard.words(inbox.poll())).isEqualTo("one");
        Cursor beforeGap = inbox.cursor();
        Arrival gap = inbox.poll();
        says("four");

        assertThat(gap).isInstanceOf(Gap.class);
        assertThat(Heard.rest(lease.inbox(texts().after(beforeGap)))).containsExactly("two", "three", "four");
        assertThat(Heard.rest(lease.inbox(texts().after(gap.cursor())))).containsExactly("four");
    }

    @Test
    void each_sender_takes_the_place_of_its_own_packet_and_the_loss_stands_where_that_was() {
        Inbox inbox = inbox(10, Overflow.LATEST_PER_SENDER);
        saysFrom(SECOND, "second 1");
        says("first 1");
        saysFrom(THIRD, "third 1");
        says("first 2", "first 3");
        saysFrom(SECOND, "second 2");

        assertThat(Heard.rest(inbox)).containsExactly("INBOX_FULL 2", "third 1", "INBOX_FULL 1", "first 3", "second 2");
        assertThat(info(lease).delivered()).isEqualTo(3);
        assertThat(info(lease).dropped()).isEqualTo(3);
    }

    @Test
    void with_more_senders_than_room_the_oldest_gives_way() {
        Inbox inbox = inbox(2, Overflow.LATEST_PER_SENDER);
        says("first 1");
        saysFrom(SECOND, "second 1");
        saysFrom(THIRD, "third 1");
        says("first 2");

        assertThat(Heard.rest(inbox)).containsExactly("INBOX_FULL 2", "third 1", "first 2");
        says("first 3");
        assertThat(Heard.rest(inbox)).containsExactly("first 3");
        assertThat(info(lease).dropped()).isEqualTo(2);
    }

    @Test
    void what_was_read_takes_no_senders_place() {
        Inbox inbox = inbox(2, Overflow.LATEST_PER_SENDER);
        says("first 1");
        assertThat(Heard.words(inbox.poll())).isEqualTo("first 1");
        says("first 2");
        saysFrom(SECOND, "second 1");

        assertThat(Heard.rest(inbox)).containsExactly("first 2", "second 1");
        assertThat(info(lease).dropped()).isZero();
    }

    @Test
    void a_link_loss_keeps_its_place_among_the_latest_and_the_newest() {
        Inbox latest = inbox(10, Overflow.LATEST_PER_SENDER);
        Inbox newest = inbox(1, Overflow.DROP_NEWEST);
        saysFrom(SECOND, "second 1");
        says("first 1");
        node.disconnectClient();
        time.advance(Duration.ofMinutes(1));
        says("first 2");

        assertThat(Heard.rest(latest)).containsExactly("second 1", "LINK_DOWN", "INBOX_FULL 1", "first 2");
        assertThat(Heard.rest(newest)).containsExactly("second 1", "LINK_DOWN", "INBOX_FULL 2");
    }
}
