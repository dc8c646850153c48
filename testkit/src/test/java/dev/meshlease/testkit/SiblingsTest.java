package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a lease sees of what the others send. */
class SiblingsTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    private final VirtualEnvironment time = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(time);
    private final LinkRegistry links = time.registry();
    private final Lease speaker = links.acquire(node.endpoint(), "speaker");
    private final Lease listener = links.acquire(node.endpoint(), "listener");

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private static List<InboundPacket> packets(Inbox inbox) {
        List<InboundPacket> packets = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            if (next instanceof InboundPacket packet) {
                packets.add(packet);
            }
        }
        return packets;
    }

    @Test
    void it_is_shown_as_if_heard_from_the_node() {
        Inbox inbox = listener.inbox(texts().withSiblings());
        int id = speaker.send(text("hello").to(PEER).wantAck()).packetId();
        time.advance(Duration.ofSeconds(1));

        assertThat(packets(inbox)).singleElement().satisfies(packet -> {
            assertThat(packet.text()).isEqualTo("hello");
            assertThat(packet.from()).isEqualTo(node.id());
            assertThat(packet.to()).isEqualTo(PEER);
            assertThat(packet.id()).isEqualTo(id);
            assertThat(packet.reception().isFromSibling()).isTrue();
            assertThat(packet.reception().generation()).isEqualTo(1);
        });
    }

    @Test
    void who_has_not_asked_for_it_and_who_has_sent_it_see_nothing() {
        Inbox unasked = listener.inbox(texts());
        Inbox own = speaker.inbox(texts().withSiblings());
        speaker.send(text("hello"));
        time.advance(Duration.ofSeconds(1));

        assertThat(packets(unasked)).isEmpty();
        assertThat(packets(own)).isEmpty();
    }

    @Test
    void it_stands_before_what_comes_in_answer_and_once_however_often_it_is_said() {
        Inbox inbox = listener.inbox(all().withSiblings());
        SimulatedPeer peer = node.peer(PEER);
        speaker.subscribe(texts(), packet -> speaker.send(packet.reply("pong")));
        time.settle();
        peer.says("ping");
        time.advance(Duration.ofMillis(1));
        node.disconnectClient();
        time.advance(Duration.ofMinutes(1));

        List<InboundPacket> seen = packets(inbox);
        assertThat(seen)
                .filteredOn(packet -> packet.reception().isFromSibling())
                .hasSizeLessThanOrEqualTo(1);
        assertThat(seen).extracting(packet -> packet.cursor().position()).isSorted();
        assertThat(seen.get(0).text()).isEqualTo("ping");
        assertThat(seen)
                .filteredOn(packet -> packet.reception().isFromSibling())
                .hasSize(1);
    }

    @Test
    void the_past_has_it_too() {
        Inbox now = listener.inbox(texts());
        time.settle();
        var before = now.cursor();
        speaker.send(text("hello"));
        time.advance(Duration.ofSeconds(1));

        assertThat(packets(listener.inbox(texts().after(before)))).isEmpty();
        assertThat(packets(listener.inbox(texts().after(before).withSiblings())))
                .extracting(InboundPacket::text)
                .containsExactly("hello");
        assertThat(packets(speaker.inbox(texts().after(before).withSiblings()))).isEmpty();
    }
}
