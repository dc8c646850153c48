package dev.meshlease.verification.readme;

import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.Overflow;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page on streams prints is what is printed. */
class StreamsTest {
    private static final Path PAGE = Documents.PROJECT.resolve("docs/streams.md");
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    private final VirtualEnvironment time = VirtualEnvironment.create(1);
    private final StringBuilder printed = new StringBuilder();

    private static SimulatedNode node(VirtualEnvironment time, int number, int nodes) {
        return SimulatedNode.builder()
                .number(new NodeId(number))
                .nodes(nodes)
                .seed(number)
                .start(time);
    }

    private void says(SimulatedNode node, String... texts) {
        for (String text : texts) {
            node.peer(PEER).says(text);
            time.advance(Duration.ofSeconds(5));
        }
    }

    // tag::print
    private void print(Inbox inbox) {
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            printed.append(String.format("%4d  %s%n", next.cursor().position(), words(next)));
        }
    }

    private static String words(Arrival arrival) {
        if (arrival instanceof Gap gap) {
            return "-- " + gap.reason()
                    + (gap.missed().isPresent() ? " " + gap.missed().getAsLong() : "");
        }
        return ((InboundPacket) arrival).text();
    }
    // end::print

    @Test
    void a_stream_with_gaps_prints_what_the_page_shows() throws IOException {
        try (SimulatedNode node = node(time, 0xa1000001, 3);
                LinkRegistry links = LinkRegistry.builder()
                        .environment(time)
                        .transport(time.transport())
                        .defaults(LinkOptions.builder().history(5, 100_000).build())
                        .build()) {
            Lease lease = links.acquire(node.endpoint(), "log");
            lease.ready().await(Duration.ofSeconds(30));
            // tag::story
            Inbox inbox = lease.inbox(texts().capacity(3, Overflow.DROP_OLDEST));
            says(node, "one");
            print(inbox);
            says(node, "two", "three", "four", "five", "six"); // nobody reads
            node.disconnectClient();
            time.advance(Duration.ofSeconds(30));
            says(node, "seven");
            print(inbox);

            Cursor place = inbox.cursor();
            inbox.close();
            says(node, "eight"); // nobody is there
            node.peer(PEER).isAt(52.5, 13.4); // a packet, too, if no text
            says(node, "nine", "ten", "eleven", "twelve", "thirteen");
            print(lease.inbox(texts().after(place)));
            // end::story
            assertThat(Documents.read(PAGE))
                    .contains("```\n" + printed.toString().replace("\r\n", "\n") + "```");
        }
    }

    @Test
    void a_registry_describes_itself_as_the_page_shows() throws IOException {
        try (SimulatedNode roof = node(time, 0xa1000001, 3);
                SimulatedNode cellar = node(time, 0xa1000002, 0);
                LinkRegistry links = time.registry()) {
            Lease echo = links.acquire(roof.endpoint(), "echo");
            echo.subscribe(texts(), packet -> {});
            Lease monitor = links.acquire(roof.endpoint(), "monitor");
            monitor.inbox(all().capacity(2, Overflow.DROP_OLDEST));
            links.acquire(roof.endpoint(), "sender");
            Lease gateway = links.acquire(cellar.endpoint(), "gateway");
            gateway.watch(Watch.status(), status -> {});
            links.acquire(cellar.endpoint(), "idle");
            time.advance(Duration.ofMinutes(70));
            says(roof, "one", "two", "three");
            cellar.disconnectClient();
            time.advance(Duration.ofMillis(300));
            monitor.send(OutboundMessage.text("are you there?").to(PEER).wantAck());

            assertThat(Documents.read(PAGE)).contains("```\n" + asInAFreshProcess(links.describe()) + "\n```");
        }
    }

    /** Leases and virtual worlds are numbered through the whole process, in which other tests may have been before. */
    private static String asInAFreshProcess(String description) {
        AtomicInteger leases = new AtomicInteger();
        return Pattern.compile("#\\d+")
                .matcher(description)
                .replaceAll(number -> "#" + leases.incrementAndGet())
                .replaceAll("world \\d+", "world 1");
    }
}
