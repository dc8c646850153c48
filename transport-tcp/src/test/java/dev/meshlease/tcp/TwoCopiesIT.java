package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.SimulatedNode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of the library in several class loaders of one JVM, that know nothing of each other but the system properties. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 3, unit = TimeUnit.MINUTES) // Children are read from, which knows no time limit.
class TwoCopiesIT {
    private static final long PID = ProcessHandle.current().pid();

    private final SimulatedNode node = SimulatedNode.builder().start();
    private final String endpoint = node.endpoint().toString();
    private final String respelled = new TcpWorld().respelled(node).toString();

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void they_are_copies_indeed() throws Exception {
        try (OtherCopy one = new OtherCopy();
                OtherCopy two = new OtherCopy()) {
            assertThat(one.type()).isNotEqualTo(two.type()).isNotEqualTo(Tenant.class);
            assertThat(one.type().getClassLoader()).isNotEqualTo(getClass().getClassLoader());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_second_is_refused_and_other_programs_still_are_afterwards(boolean isFirstSpelledPlainly) throws Exception {
        String first = isFirstSpelledPlainly ? endpoint : respelled;
        String second = isFirstSpelledPlainly ? respelled : endpoint;
        try (OtherCopy one = new OtherCopy();
                OtherCopy two = new OtherCopy()) {
            assertThat(one.acquire(first)).isEqualTo(Tenant.READY);
            requireOthersRefused();

            for (int i = 0; i < 3; i++) {
                assertThat(two.acquire(i == 1 ? first : second))
                        .startsWith("JVM by " + PID + "\n")
                        .contains(
                                "is already linked" + (i == 1 ? "." : " as " + first),
                                "held by: tenant",
                                "process: " + PID,
                                "another LinkRegistry of this program has the link");
            }
            requireOthersRefused(); // Else the refusals have cost the first copy its lock.
            assertThat(node.accepted()).isEqualTo(1);
        }
        try (OtherProgram other = OtherProgram.start(endpoint, "trace")) {
            assertThat(other.line()).as("after both copies were closed").isEqualTo(OtherProgram.READY);
        }
        assertThat(node.evictions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_copy_and_the_application_itself_refuse_each_other(boolean isCopyFirst) throws Exception {
        try (OtherCopy copy = new OtherCopy();
                Tenant own = new Tenant()) {
            assertThat(isCopyFirst ? copy.acquire(endpoint) : own.apply(endpoint))
                    .isEqualTo(Tenant.READY);
            String refusal = isCopyFirst ? own.apply(respelled) : copy.acquire(respelled);
            assertThat(refusal).startsWith("JVM by " + PID + "\n");
            requireOthersRefused();
        }
        assertThat(node.evictions()).isZero();
    }

    @Test
    void what_one_copy_gives_back_the_other_has_at_once_with_the_lock() throws Exception {
        try (OtherCopy heir = new OtherCopy()) {
            try (OtherCopy first = new OtherCopy()) {
                assertThat(first.acquire(endpoint)).isEqualTo(Tenant.READY);
            }
            assertThat(heir.acquire(respelled)).isEqualTo(Tenant.READY);
            requireOthersRefused();
        }
        assertThat(node.accepted()).isEqualTo(2);
        assertThat(node.evictions()).isZero();
    }

    private void requireOthersRefused() throws Exception {
        try (OtherProgram other = OtherProgram.start(respelled, "trace")) {
            assertThat(other.line()).isEqualTo("refused MACHINE by " + PID);
        }
    }
}
