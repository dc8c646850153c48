package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshlease.tcp.EndingProgram.Manner;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of their own that end while their registries are open, and what their nodes hear of that. */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // Children are read from, which knows no time limit.
class AtExitIT {
    private static final String GOODBYE = "A → disconnect";

    private final TcpWorld world = new TcpWorld();
    private final SimulatedNode node = SimulatedNode.builder().nodes(1).start();
    private final String endpoint = node.endpoint().toString();

    @AfterEach
    void end() {
        node.close();
    }

    private boolean heardGoodbye(SimulatedNode from) {
        return from.conversation().lines().stream()
                .anyMatch(line -> line.words().equals(GOODBYE));
    }

    private void requireGoodbye(SimulatedNode from) {
        world.eventually("a goodbye, and the end, in\n" + from.conversation(), () -> !from.hasClient());
        assertThat(heardGoodbye(from)).as("%s", from.conversation()).isTrue();
    }

    @Test
    void who_exits_says_goodbye_and_keeps_its_status() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.EXIT, endpoint)) {
            program.until(EndingProgram.READY);
            assertThat(program.rest()).doesNotContain("did not close");
            assertThat(program.status()).isEqualTo(3);
        }
        requireGoodbye(node);
    }

    @Test
    void who_returns_from_main_says_goodbye() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.RETURN, endpoint)) {
            program.until(EndingProgram.READY);
            program.rest();
            assertThat(program.status()).isZero();
        }
        requireGoodbye(node);
    }

    @Test
    void who_is_asked_to_end_says_goodbye() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.WAIT, endpoint)) {
            program.until(EndingProgram.READY);
            assumeTrue(program.terminate());
            program.rest();
        }
        requireGoodbye(node);
    }

    @Test
    void with_the_hook_switched_off_the_node_only_sees_the_connection_end() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.WITHOUT_HOOK, endpoint)) {
            program.until(EndingProgram.READY);
            program.rest();
            assertThat(program.status()).isEqualTo(3);
        }
        world.eventually("the end", () -> !node.hasClient());
        assertThat(heardGoodbye(node)).as("%s", node.conversation()).isFalse();
    }

    @Test
    void two_registries_both_say_goodbye() throws IOException {
        try (SimulatedNode other = SimulatedNode.builder().nodes(1).start();
                EndingProgram program = EndingProgram.start(
                        Manner.EXIT, endpoint, other.endpoint().toString())) {
            program.until(EndingProgram.READY);
            program.rest();
            requireGoodbye(node);
            requireGoodbye(other);
        }
    }

    @Test
    void one_whose_loop_is_blocked_neither_holds_up_the_exit_nor_the_other() throws IOException {
        try (SimulatedNode other = SimulatedNode.builder().nodes(1).start();
                EndingProgram program = EndingProgram.start(
                        Manner.BLOCKED, endpoint, other.endpoint().toString())) {
            program.until("listening");
            node.peers().get(0).says("this is where it stops");
            program.until(EndingProgram.READY);

            assertThat(program.rest())
                    .contains("1 of the registries did not close within PT3S; the JVM ends regardless");
            assertThat(program.status()).isEqualTo(3);
            requireGoodbye(other);
        }
        assertThat(heardGoodbye(node)).isFalse();
    }

    @Test
    void one_that_is_made_while_the_jvm_ends_works() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.LATE)) {
            program.until(EndingProgram.READY);
            assertThat(program.rest()).contains("made one with 0 links");
        }
    }

    @Test
    void one_that_is_made_while_the_jvm_ends_and_left_open_is_not_waited_for() throws IOException {
        try (EndingProgram program = EndingProgram.start(Manner.LATE_AND_OPEN, endpoint)) {
            program.until(EndingProgram.READY);
            assertThat(program.rest()).contains("made one with 0 links").doesNotContain("did not close");
        }
        requireGoodbye(node);
    }
}
