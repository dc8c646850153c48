package dev.meshlease.verification.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is on the network and on a serial port at once, by both transports as users have them. */
@Timeout(60)
class SameNodeByPortIT {
    private static final Path SOCAT = Path.of("/usr/bin/socat");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final LinkRegistry links = LinkRegistry.create();
    private final LinkRegistry others = LinkRegistry.create();
    private Process socat;
    private SimulatedNode node;
    private Endpoint port;

    @BeforeEach
    void start() throws IOException {
        assumeThat(SOCAT).as("socat is installed, to make pseudo-terminals").isExecutable();
        Path link = folder.resolve("port");
        socat = new ProcessBuilder(SOCAT.toString(), "pty,raw,echo=0,link=" + link, "stdio").start();
        while (!Files.exists(link) && socat.isAlive()) {
            Thread.onSpinWait();
        }
        node = SimulatedNode.builder().variant(Variant.serialConsole()).nodes(1).start();
        node.attachSerial(socat.getInputStream(), socat.getOutputStream());
        port = new Endpoint("serial", link.toString());
    }

    @AfterEach
    void end() throws InterruptedException {
        links.close();
        others.close();
        if (socat != null) {
            socat.destroy();
            assertThat(socat.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        if (node != null) {
            node.close();
        }
    }

    private void secondIsRefused(Endpoint first, Endpoint second) {
        Lease bot = links.acquire(first, "bot");
        bot.ready().await(PATIENCE);
        for (LinkRegistry registry : List.of(links, others)) {
            DuplicateLinkException duplicate = catchThrowableOfType(
                    DuplicateLinkException.class,
                    () -> registry.acquire(second, "monitor").ready().await(PATIENCE));

            assertThat(duplicate.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
            assertThat(duplicate.existing()).contains(first);
            assertThat(duplicate.incumbent().holders()).containsExactly("bot");
        }
        assertThatThrownBy(() -> links.acquire(second, "again")).isInstanceOf(DuplicateLinkException.class);
        bot.ready().await(PATIENCE);
    }

    @Test
    void who_has_it_by_its_port_keeps_it_from_others_by_network() {
        secondIsRefused(port, node.endpoint());
        assertThat(node.accepted()).as("looked at once, then known").isEqualTo(1);
    }

    @Test
    void who_has_it_by_network_keeps_it_from_others_by_its_port() {
        secondIsRefused(node.endpoint(), port);
        assertThat(node.evictions()).isZero();
    }
}
