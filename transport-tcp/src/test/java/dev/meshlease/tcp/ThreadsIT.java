package dev.meshlease.tcp;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No thread of the library or the simulator outlives what it works for. */
class ThreadsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TcpWorld world = new TcpWorld();
    private final Set<Thread> before = ours();

    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("meshlease-"))
                .collect(toSet());
    }

    private Set<Thread> added() {
        Set<Thread> added = new HashSet<>(ours());
        added.removeAll(before);
        return added;
    }

    @Test
    void a_closed_registry_and_a_closed_node_leave_none() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start();
                LinkRegistry links = LinkRegistry.create()) {
            Lease lease = links.acquire(world.respelled(node), "bot"); // a name: the helpers have work, too
            lease.subscribe(texts(), packet -> heard.countDown());
            lease.ready().await(PATIENCE);
            node.peers().get(0).says("hello");
            assertThat(heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            lease.send(text("hello").to(node.peers().get(0).id()).wantAck()).await(PATIENCE);
            assertThat(added())
                    .extracting(Thread::getName)
                    .anyMatch(name -> name.startsWith("meshlease-loop-"))
                    .anyMatch(name -> name.startsWith("meshlease-simulator-"));
        }

        world.eventually("no thread is left", () -> added().isEmpty());
    }

    @Test
    void registries_closed_at_any_moment_leave_none() {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            for (int i = 0; i < 20; i++) {
                LinkRegistry idle = LinkRegistry.create();
                LinkRegistry connecting = LinkRegistry.create();
                Lease lease = connecting.acquire(i % 2 == 0 ? node.endpoint() : world.nobody(), "bot");
                lease.subscribe(texts(), packet -> {});
                connecting.close();
                idle.close();
            }
        }

        world.eventually("no thread is left", () -> added().isEmpty());
    }
}
