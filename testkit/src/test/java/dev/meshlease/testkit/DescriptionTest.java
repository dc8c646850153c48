package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Watch;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person is shown of a registry with two links and five holders. */
class DescriptionTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    private final VirtualEnvironment time = VirtualEnvironment.create(7);
    private final SimulatedNode roof = SimulatedNode.builder().seed(7).nodes(3).start(time);
    private final SimulatedNode cellar = SimulatedNode.builder().seed(8).start(time);
    private final LinkRegistry links = time.registry();

    @AfterEach
    void close() {
        links.close();
        roof.close();
        cellar.close();
    }

    @Test
    void the_whole_picture() {
        Lease echo = links.acquire(roof.endpoint(), "echo");
        echo.subscribe(texts(), packet -> {});
        Lease monitor = links.acquire(roof.endpoint(), "monitor");
        Inbox unread = monitor.inbox(all().capacity(2, Overflow.DROP_OLDEST));
        links.acquire(roof.endpoint(), "sender");
        Lease gateway = links.acquire(cellar.endpoint(), LeaseOptions.of("gateway"));
        gateway.watch(Watch.status(), status -> {});
        links.acquire(cellar.endpoint(), "idle");
        time.advance(Duration.ofMinutes(70));
        for (String text : new String[] {"one", "two", "three"}) {
            roof.peer(PEER).says(text);
            time.advance(Duration.ofSeconds(5));
        }
        cellar.disconnectClient();
        time.advance(Duration.ofMillis(300));
        monitor.send(OutboundMessage.text("are you there?").to(PEER).wantAck());

        String described = links.describe()
                .replaceAll("#\\d+", "#N")
                .replaceAll("!a1[0-9a-f]{6}", "!a1NNNNNN")
                .replaceAll("world \\d+", "world N")
                .replaceAll("in 0\\.\\d s", "in 0.N s");
        assertThat(described).isEqualTo("""
                Registry with 2 links
                sim://node-1: READY for 1 h 10 min, generation 1
                  keys      sim://node-1 of world N
                  node      !a1NNNNNN, firmware 2.7.26.54e0d8d, 5 nodes, 8 channels, told 1 h 10 min ago
                  wire      191 frames read, 0 unreadable, 0 bytes skipped
                  history   4 of 1000 packets, 220 of 1048576 bytes, the oldest for 15 s
                  leases    3
                    #N 'echo' for 1 h 10 min: 1 subscription, 3 delivered, 0 dropped, 0 queued, 0 in flight
                    #N 'monitor' for 1 h 10 min: 1 subscription, 0 delivered, 1 dropped, 2 queued (the oldest for 10 s), 1 in flight
                    #N 'sender' for 1 h 10 min: 0 subscriptions, 0 delivered, 0 dropped, 0 queued, 0 in flight
                sim://node-2: BACKING_OFF for 0.3 s, generation 1, next attempt in 0.N s
                  keys      sim://node-2 of world N
                  node      !a1NNNNNN, firmware 2.7.26.54e0d8d, 1 node, 8 channels, told 1 h 10 min ago
                  wire      185 frames read, 0 unreadable, 0 bytes skipped
                  history   0 of 1000 packets, 0 of 1048576 bytes
                  lost      0.3 s ago, END_OF_STREAM: closed by the simulated node
                  leases    2
                    #N 'gateway' for 1 h 10 min: 1 subscription, 0 delivered, 0 dropped, 0 queued, 0 in flight
                    #N 'idle' for 1 h 10 min: 0 subscriptions, 0 delivered, 0 dropped, 0 queued, 0 in flight
                """.stripTrailing());
        LeaseInfo info = monitor.link().leases().get(1);
        assertThat(info.dropped()).isEqualTo(1);
        assertThat(info.oldestUnread())
                .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11)));
        unread.close();
        assertThat(monitor.link().leases().get(1).oldestUnread()).isEmpty();
    }
}
