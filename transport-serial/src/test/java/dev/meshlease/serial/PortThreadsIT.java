package dev.meshlease.serial;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.contract.CountedTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** No thread and no file of the library outlives what it works for. */
@Timeout(60)
class PortThreadsIT {
    private static final Logger LOG = LoggerFactory.getLogger(PortThreadsIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int CYCLES = 100;

    @TempDir
    private Path folder;

    private final PtyWorld world = new PtyWorld();
    private final SimulatedNode node = world.start(SimulatedNode.builder().nodes(1));
    private final Set<Thread> before = ours();

    @AfterEach
    void end() {
        node.close();
        world.close();
    }

    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("meshlease-"))
                .filter(thread -> !thread.getName().startsWith("meshlease-simulator-"))
                .collect(toSet());
    }

    private Set<Thread> added() {
        Set<Thread> added = new HashSet<>(ours());
        added.removeAll(before);
        return added;
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_open_port_has_a_reader_and_a_writer_both_daemons_and_a_closed_registry_leaves_none() throws IOException {
        String device;
        try (LinkRegistry links = LinkRegistry.create()) {
            Lease lease = links.acquire(world.endpoint(node), "bot");
            Inbox inbox = lease.inbox(texts());
            lease.ready().await(PATIENCE);
            node.peers().get(0).says("hello");
            inbox.take(PATIENCE);
            lease.send(text("hello").to(node.peers().get(0).id()).wantAck()).await(PATIENCE);
            device = Path.of(world.endpoint(node).address())
                    .toRealPath()
                    .toString()
                    .substring("/dev/".length());
            assertThat(added())
                    .filteredOn(thread -> thread.getName().startsWith("meshlease-serial-"))
                    .allMatch(Thread::isDaemon)
                    .extracting(Thread::getName)
                    .containsExactlyInAnyOrder(
                            "meshlease-serial-" + device + "-reader", "meshlease-serial-" + device + "-writer");
        }
        world.eventually("no thread is left", () -> added().isEmpty());
    }

    @Test
    void registries_closed_at_any_moment_leave_none() {
        for (int i = 0; i < 20; i++) {
            LinkRegistry idle = LinkRegistry.create();
            LinkRegistry connecting = LinkRegistry.create();
            Lease lease = connecting.acquire(i % 2 == 0 ? world.endpoint(node) : world.nobody(), "bot");
            lease.subscribe(texts(), packet -> {});
            connecting.close();
            idle.close();
        }
        world.eventually("no thread is left", () -> added().isEmpty());
    }

    @Test
    void a_hundred_links_one_after_another_leave_no_thread_and_no_file() throws IOException {
        CountedTransport transport = CountedTransport.of(HastyPorts.transport());
        try (CabledNode board = CabledNode.plugIn(folder.resolve("port"));
                LinkRegistry links = CabledNode.registry().transport(transport).build()) {
            opensAndCloses(links, board);
            long files = openFiles();
            int threads = added().size();
            for (int i = 0; i < CYCLES; i++) {
                opensAndCloses(links, board);
            }
            LOG.info(
                    "before and after {} links: {} and {} threads, {} and {} files",
                    CYCLES,
                    threads,
                    added().size(),
                    files,
                    openFiles());
            assertThat(transport.attempts()).isEqualTo(1 + CYCLES);
            Eventually.holds("no more files than before", () -> openFiles() <= files);
            Eventually.holds("no more threads than before", () -> added().size() <= threads);
        }
        Eventually.holds("no thread is left", () -> added().isEmpty());
    }

    private static void opensAndCloses(LinkRegistry links, CabledNode board) {
        OwnedLink link = links.open(board.endpoint(), links.defaults());
        link.acquire("bot").ready().await(PATIENCE);
        link.close();
        Eventually.holds("the link is gone", () -> links.links().isEmpty());
    }
}
