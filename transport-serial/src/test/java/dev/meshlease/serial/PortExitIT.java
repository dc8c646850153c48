package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.serial.PortProgram.Manner;
import dev.meshlease.testkit.Conversation;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of their own that end while their port is open: two shutdown hooks want it, jSerialComm's and the registries'. */
@Timeout(60)
class PortExitIT {
    private final PtyWorld world = new PtyWorld();
    private final SimulatedNode node = world.start(SimulatedNode.builder().nodes(1));

    @AfterEach
    void end() {
        node.close();
        world.close();
    }

    @Test
    void the_node_hears_goodbye_before_the_port_is_closed() throws IOException {
        try (PortProgram program =
                PortProgram.start(Manner.EXIT, world.endpoint(node).toString())) {
            program.until(PortProgram.READY);
            assertThat(program.status()).isEqualTo(PortProgram.STATUS);
        }
        world.eventually("it is gone", () -> !node.hasClient());
        assertThat(node.conversation().lines())
                .extracting(Conversation.Line::words)
                .contains("A → disconnect");
        assertThat(node.accepted()).isEqualTo(1);
    }
}
