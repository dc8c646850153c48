package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.serial.PortProgram.Manner;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of their own that want the same port. */
@Timeout(60)
class PortClaimsIT {
    private static final String SHOW_CLASSES = "-Xlog:class+load:stdout";
    private static final String DRIVER = "com.fazecast.jSerialComm.SerialPort ";

    private final PtyWorld world = new PtyWorld();
    private final SimulatedNode node = world.start(SimulatedNode.builder().nodes(1));

    @AfterEach
    void end() {
        node.close();
        world.close();
    }

    @Test
    void the_second_program_is_refused_with_the_first_ones_pid_before_any_native_call_and_kill_9_frees_the_port()
            throws IOException {
        String endpoint = world.endpoint(node).toString();
        try (PortProgram first = PortProgram.start(Manner.HOLD, endpoint, SHOW_CLASSES)) {
            assertThat(first.until(PortProgram.READY)).as("what it would show").contains(DRIVER);

            String respelled = world.respelled(node).toString();
            try (PortProgram second = PortProgram.start(Manner.HOLD, respelled, SHOW_CLASSES)) {
                assertThat(second.until(PortProgram.END_OF_REFUSAL))
                        .contains("refused MACHINE by " + first.pid(), "is already linked", "held by: other")
                        .doesNotContain(DRIVER);
            }
            assertThat(node.accepted()).isEqualTo(1);
            first.kill();
        }
        world.eventually("the port is free", () -> !node.hasClient());
        try (PortProgram third = PortProgram.start(Manner.HOLD, endpoint)) {
            third.until(PortProgram.READY);
            third.end();
        }
        assertThat(node.accepted()).isEqualTo(2);
        assertThat(node.evictions()).isZero();
    }
}
