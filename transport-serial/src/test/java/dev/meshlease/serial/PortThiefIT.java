package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.Endpoint;
import dev.meshlease.ForeignConnection;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Variant;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process has the port of a link open. */
@Timeout(120)
class PortThiefIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Pty pty;
    private SimulatedNode node;
    private LinkRegistry links;
    private Lease bot;

    @BeforeEach
    void connect() throws IOException {
        assumeThat(Files.isReadable(Path.of("/proc/self/fd")))
                .as("the system shows who has a device open")
                .isTrue();
        String unusedSinceOthersKeepTheTerminalOpen = Pty.socat();
        pty = Pty.plugIn(folder.resolve("port"));
        node = SimulatedNode.builder().variant(Variant.serialConsole()).nodes(3).start();
        node.attachSerial(pty.fromClient(), pty.toClient());
        links = LinkRegistry.builder().audit(Duration.ofSeconds(1)).build();
        bot = links.acquire(new Endpoint("serial", pty.address()), "bot");
        bot.ready().await(PATIENCE);
    }

    @AfterEach
    void end() throws Exception {
        if (links != null) {
            links.close();
        }
        if (node != null) {
            node.close();
        }
        if (pty != null) {
            pty.close();
        }
    }

    private boolean isFound() {
        return !bot.status().foreign().seen().isEmpty();
    }

    /** Looks at least once more. */
    private void looksAgain() {
        Instant before = bot.status().foreign().lookedAt().orElse(Instant.MIN);
        Eventually.holds(
                "it looks again",
                () -> bot.status().foreign().lookedAt().orElse(Instant.MIN).isAfter(before));
    }

    @Test
    void is_named_in_status_and_description_until_it_is_gone() throws Exception {
        looksAgain();
        looksAgain();
        assertThat(bot.status().foreign().seen())
                .as("neither the link itself nor socat")
                .isEmpty();
        String device = pty.device();
        // It takes nothing away; whatever does is seen the same way.
        Process thief = new ProcessBuilder("/usr/bin/sleep", "60")
                .redirectInput(Path.of(device).toFile())
                .start();
        try {
            Eventually.holds("found", this::isFound);
            ForeignConnection found = bot.status().foreign().seen().get(0);
            assertThat(found.pid()).hasValue(thief.pid());
            assertThat(found.hasDeviceOpen()).isTrue();
            assertThat(found.remote()).isEqualTo(device);
            assertThat(bot.status().foreign().seen()).hasSize(1);
            String words = "process " + thief.pid() + " (sleep) has " + device + " open, since ";
            assertThat(bot.status().toString()).contains(words);
            assertThat(links.describe()).contains("\n  foreign   " + words);
        } finally {
            thief.destroy();
            assertThat(thief.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        Eventually.holds("gone", () -> !isFound());
        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().losses()).isEmpty();
    }

    @Test
    void other_code_of_this_program_is_told_apart_from_the_link() throws Exception {
        try (FileInputStream unread = new FileInputStream(pty.device())) {
            assertThat(unread.getFD().valid()).isTrue();
            Eventually.holds("found", this::isFound);
            assertThat(bot.status().foreign().seen())
                    .singleElement()
                    .satisfies(found -> assertThat(found.isThisProgram()).isTrue());
        }
        Eventually.holds("gone", () -> !isFound());
    }
}
