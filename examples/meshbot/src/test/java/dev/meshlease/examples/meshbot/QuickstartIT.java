package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Acknowledgement;
import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.SimulatedNode;
import org.junit.jupiter.api.Test;

class QuickstartIT {
    @Test
    void the_snippet_of_the_readme_shares_a_link_and_gets_its_message_acknowledged() {
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start()) {
            NodeId friend = node.peers().get(0).id();

            Acknowledgement ack = Quickstart.run(node.endpoint().toString(), friend);

            assertThat(ack.by()).isEqualTo(friend);
            assertThat(node.accepted()).isEqualTo(1);
        }
    }
}
