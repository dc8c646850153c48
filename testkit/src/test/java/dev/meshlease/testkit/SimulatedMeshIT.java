package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulatedMeshIT {
    private static final Duration SOON = Duration.ofMillis(100);

    @Test
    @SuppressWarnings("try")
    void nodes_on_tcp_each_with_a_thread_of_its_own_hear_each_other_in_a_line() throws InterruptedException {
        SimulatedMesh mesh = SimulatedMesh.create();
        BlockingQueue<String> atTheEnd = new LinkedBlockingQueue<>();
        BlockingQueue<String> atTheBeginning = new LinkedBlockingQueue<>();
        try (SimulatedNode one = SimulatedNode.builder().mesh(mesh).start();
                SimulatedNode two = SimulatedNode.builder().mesh(mesh).start();
                SimulatedNode three = SimulatedNode.builder().mesh(mesh).start()) {
            mesh.line(one, two, three);
            try (NaiveClient first = NaiveClient.start(one.endpoint(), SOON, atTheBeginning::add);
                    NaiveClient last = NaiveClient.start(three.endpoint(), SOON, atTheEnd::add)) {
                three.peer(new NodeId(77)).says("are you there?");
                assertThat(atTheBeginning.poll(30, TimeUnit.SECONDS)).isEqualTo("are you there?");
                assertThat(first.says("yes, far away")).isTrue();

                assertThat(atTheEnd.poll(30, TimeUnit.SECONDS)).isEqualTo("are you there?");
                assertThat(atTheEnd.poll(30, TimeUnit.SECONDS)).isEqualTo("yes, far away");
                assertThat(last.kicked()).isZero();
            }
        }
        assertThat(mesh.nodes()).isEmpty();
    }
}
