package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs of their own that want the same node. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 3, unit = TimeUnit.MINUTES) // Children are read from, which knows no time limit.
class MachineClaimsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final TcpWorld world = new TcpWorld();
    private final SimulatedNode node = SimulatedNode.builder().start();
    private final String endpoint = node.endpoint().toString();
    private final String respelled = world.respelled(node).toString();

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void the_second_program_is_refused_and_told_the_first_ones_pid_and_kill_9_frees_the_link() throws Exception {
        try (OtherProgram first = OtherProgram.start(endpoint, "echo")) {
            assertThat(first.line()).isEqualTo(OtherProgram.READY);

            try (OtherProgram second = OtherProgram.start(respelled, "trace")) {
                assertThat(second.line()).isEqualTo("refused MACHINE by " + first.pid());
                assertThat(second.until(OtherProgram.END_OF_REFUSAL))
                        .contains(
                                "is already linked",
                                "held by: echo",
                                "process: " + first.pid() + " (" + OtherProgram.class.getName() + ")",
                                "another program on this machine has the link")
                        .containsPattern("since:   20\\d\\d-");
            }
            assertThat(node.accepted()).isEqualTo(1);

            first.kill();
            try (OtherProgram third = OtherProgram.start(respelled, "trace")) {
                assertThat(third.line()).isEqualTo(OtherProgram.READY);
                third.end();
            }
        }
        assertThat(node.evictions()).isZero();
        assertThat(node.accepted()).isEqualTo(2);
    }

    @Test
    void a_link_of_this_jvm_is_kept_from_others_even_after_a_refusal_in_it() throws Exception {
        try (LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(endpoint, "bot");
            bot.ready().await(PATIENCE);
            requireRefused("by this JVM's link");

            try (LinkRegistry second = LinkRegistry.create()) {
                assertThatThrownBy(() -> second.acquire(respelled, "rival"))
                        .isInstanceOfSatisfying(
                                DuplicateLinkException.class,
                                refused -> assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.JVM));
            }
            requireRefused("after the JVM's refusal"); // Else the refusal has cost the first one its lock.
            assertThat(links.describe()).contains("\n  claims    ", ", for all users of this machine");
        }
        try (OtherProgram other = OtherProgram.start(endpoint, "trace")) {
            assertThat(other.line()).as("after the registry was closed").isEqualTo(OtherProgram.READY);
        }
        assertThat(node.evictions()).isZero();
    }

    private void requireRefused(String when) throws IOException {
        try (OtherProgram other = OtherProgram.start(respelled, "trace")) {
            assertThat(other.line())
                    .as(when)
                    .isEqualTo("refused MACHINE by " + ProcessHandle.current().pid());
        }
    }

    @Test
    void who_comes_back_to_a_link_that_another_program_has_taken_meanwhile_is_refused_until_that_ends()
            throws Exception {
        try (LinkRegistry links = LinkRegistry.create();
                OtherProgram first = OtherProgram.start(endpoint, "echo")) {
            assertThat(first.line()).isEqualTo(OtherProgram.READY);
            assertThatThrownBy(() -> links.acquire(respelled, "bot"))
                    .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                        assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.MACHINE);
                        assertThat(refused.incumbent().pid()).isEqualTo(first.pid());
                        assertThat(refused.incumbent().holders()).isEqualTo(List.of("echo"));
                    });
            first.end();
            links.acquire(respelled, "bot").ready().await(PATIENCE);
        }
        assertThat(node.evictions()).isZero();
    }

    @Test
    void the_guard_can_have_a_folder_of_its_own_or_be_switched_off_and_says_so() throws Exception {
        try (OtherProgram first = OtherProgram.start(endpoint, "echo");
                LinkRegistry elsewhere = LinkRegistry.builder()
                        .machineClaims(folder.resolve("claims"))
                        .build();
                LinkRegistry off = LinkRegistry.builder().withoutMachineClaims().build()) {
            assertThat(first.line()).isEqualTo(OtherProgram.READY);
            assertThat(off.describe())
                    .isEqualTo("Registry with 0 links\n  claims    switched off; other programs are not excluded");

            elsewhere
                    .open(endpoint, elsewhere.defaults())
                    .close(); // Nobody has it in that folder; nothing is connected.
            assertThat(elsewhere.describe())
                    .contains("claims    " + folder.toRealPath().resolve("claims") + ", for all");
        }
    }

    @Test
    void a_relative_folder_is_refused() {
        assertThatThrownBy(() -> LinkRegistry.builder().machineClaims(Path.of("claims")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The claim folder is to be an absolute path, not claims");
    }
}
