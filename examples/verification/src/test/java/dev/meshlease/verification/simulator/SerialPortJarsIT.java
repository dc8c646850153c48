package dev.meshlease.verification.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.testkit.PseudoTerminal;
import dev.meshlease.verification.process.Build;
import dev.meshlease.verification.process.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two programs as a user runs them: {@code simulated-node.jar --serial PATH}, and {@code meshbot.jar --node serial:PATH}. */
class SerialPortJarsIT {
    private static final Pattern LEADS =
            Pattern.compile(".* serial:(\\S+) leads to (/dev/\\S+) of process (\\d+); end that process to unplug it");

    @TempDir
    Path folder;

    private Path port;

    @BeforeEach
    void needsPseudoTerminals() {
        assumeThat(PseudoTerminal.isAvailable())
                .as("a program that makes pseudo-terminals is installed")
                .isTrue();
        port = folder.resolve("port");
    }

    private Child start(String property, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("-jar", Build.path(property).toString()));
        command.addAll(List.of(arguments));
        return Child.startJava(Files.createDirectory(folder.resolve(property)), command);
    }

    private static String until(Child program, Predicate<String> wanted) throws Exception {
        String line = program.line();
        while (!wanted.test(line)) {
            line = program.line();
        }
        return line;
    }

    private static Predicate<String> part(String text) {
        return line -> line.contains(text);
    }

    /** Which process makes the port. */
    private static ProcessHandle plugged(Child node) throws Exception {
        Matcher line = LEADS.matcher(until(node, part(" leads to ")));
        assertThat(line.matches()).isTrue();
        return ProcessHandle.of(Long.parseLong(line.group(3))).orElseThrow();
    }

    @Test
    void a_bot_at_a_simulated_port_goes_on_after_it_was_unplugged_and_plugged_in_again() throws Exception {
        try (Child node = start("simulated.node", "--serial", port.toString(), "--nodes", "3", "--traffic", "10/s")) {
            assertThat(until(node, part(" is at "))).contains(" is at serial:" + port + ", seed ");
            ProcessHandle cable = plugged(node);
            try (Child bot = start("meshbot", "--node", "serial:" + port, "--seconds", "15")) {
                until(bot, part("refused:"));
                assertThat(cable.destroy()).isTrue();
                until(node, part("is unplugged, and comes back in 2 s"));
                until(bot, part("BACKING_OFF: DEVICE, "));
                plugged(node);
                until(bot, line -> line.endsWith(" READY"));

                Child.Outcome outcome = bot.end();
                assertThat(outcome.status()).as(outcome.errors()).isZero();
                assertThat(outcome.errors()).isEmpty();
                assertThat(outcome.output())
                        .anyMatch(part("connections made: 2, at the end: serial:" + port + " READY"))
                        .anyMatch(part("the run went as it should"));
            }
            node.terminate();
            Child.Outcome outcome = node.end();
            assertThat(outcome.output()).anyMatch(part("the process has been told to end"));
            assertThat(Files.isSymbolicLink(port)).isFalse();
        }
    }

    @Test
    void with_a_port_number_the_node_is_at_both_places() throws Exception {
        try (Child node = start("simulated.node", "--serial", port.toString(), "-p", "0")) {
            until(node, part(" listens at tcp://127.0.0.1:"));
            plugged(node);
            try (Child bot = start("meshbot", "--node", "serial:" + port, "--seconds", "4")) {
                assertThat(bot.end().status()).isZero();
            }
            node.terminate();
            assertThat(node.end().output()).noneMatch(part("is unplugged"));
        }
        assertThat(Files.isSymbolicLink(port)).isFalse();
    }
}
