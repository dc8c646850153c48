package dev.meshlease.testkit;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManyNodesIT {
    private static final int NODES = 200;

    private static Set<Thread> simulatorThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("meshlease-simulator-"))
                .collect(toSet());
    }

    @Test
    void two_hundred_nodes_need_two_threads_and_leave_none() throws Exception {
        Set<Thread> before = simulatorThreads();
        List<SimulatedNode> nodes = new ArrayList<>();
        List<TcpClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(SimulatedNode.builder().nodes(1).start());
            }
            for (SimulatedNode node : nodes) {
                clients.add(TcpClient.of(node.endpoint()));
            }
            for (TcpClient client : clients) {
                client.writes(TcpClient.wantsConfig(7));
            }
            for (TcpClient client : clients) {
                client.completes(7);
            }
            nodes.forEach(node -> node.peers().get(0).says("hello from " + node.id()));
            for (int i = 0; i < NODES; i++) {
                assertThat(clients.get(i).nextText())
                        .isEqualTo("hello from " + nodes.get(i).id());
            }
            Set<Thread> now = simulatorThreads();
            now.removeAll(before);
            assertThat(now).hasSizeLessThanOrEqualTo(2);
        } finally {
            for (TcpClient client : clients) {
                client.close();
            }
            nodes.forEach(SimulatedNode::close);
        }
        Set<Thread> after = simulatorThreads();
        after.removeAll(before);
        assertThat(after).isEmpty();
    }
}
