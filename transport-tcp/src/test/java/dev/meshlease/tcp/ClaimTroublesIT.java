package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.testkit.ClaimingProgram;
import dev.meshlease.testkit.MemoryClaims;
import dev.meshlease.testkit.SimulatedNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a link whose claim on the machine cannot be had or is lost, alone and beside a shared store. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 3, unit = TimeUnit.MINUTES) // Children are read from, which knows no time limit.
class ClaimTroublesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ClaimHolder FAR_AWAY =
            new ClaimHolder("far away", 4711, "other-bot", List.of("echo"), Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    private final SimulatedNode node = SimulatedNode.builder().start();
    private final String endpoint = node.endpoint().toString();

    @AfterEach
    void end() {
        node.close();
    }

    private static void eventually(BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("too late").isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static String evidence(Lease lease) {
        return lease.status().lastLoss().map(LinkLoss::evidence).orElse("");
    }

    private String otherProgramSays() throws Exception {
        try (OtherProgram other = OtherProgram.start(endpoint, "trace")) {
            return other.line();
        }
    }

    @Test
    void a_folder_that_cannot_be_used_keeps_the_link_from_connecting_and_is_told_until_it_can() throws Exception {
        Path disk = folder.resolve("disk");
        try (LinkRegistry links =
                LinkRegistry.builder().machineClaims(disk.resolve("claims")).build()) {
            Lease bot = links.acquire(endpoint, "bot");
            eventually(() -> bot.status().state() == LinkState.BACKING_OFF);
            assertThat(bot.status().lastLoss()).hasValueSatisfying(loss -> {
                assertThat(loss.cause()).isEqualTo(LossCause.CLAIM_LOST);
                assertThat(loss.evidence())
                        .isEqualTo("the claim folder did not grant the claim: " + disk + " does not exist");
            });
            assertThat(links.describe())
                    .contains("claims    none (" + disk + " does not exist); other programs are not excluded");
            assertThat(node.accepted()).isZero();

            Files.createDirectory(disk);
            bot.ready().await(PATIENCE);
            assertThat(links.describe()).contains(", for all users of this machine");
        }
    }

    @Test
    void a_refusal_comes_within_the_settle_timeout_or_closes_the_link_later() throws Exception {
        try (OtherProgram first = OtherProgram.start(endpoint, "echo");
                LinkRegistry links = LinkRegistry.builder()
                        .defaults(LinkOptions.builder()
                                .settleTimeout(Duration.ofNanos(1))
                                .build())
                        .build()) {
            assertThat(first.line()).isEqualTo(OtherProgram.READY);
            try {
                Lease bot = links.acquire(endpoint, "bot");
                eventually(() -> bot.status().state() == LinkState.CLOSED);
                assertThat(bot.status().closedWith().orElseThrow()).isInstanceOf(DuplicateLinkException.class);
            } catch (DuplicateLinkException fast) {
                assertThat(fast.scope()).isEqualTo(DuplicateLinkException.Scope.MACHINE);
            }
            assertThat(node.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_link_whose_lock_file_is_deleted_is_given_up_at_once_and_comes_back_under_a_new_claim() throws Exception {
        try (LinkRegistry links =
                LinkRegistry.builder().environment(new HurriedEnvironment()).build()) {
            Lease bot = links.acquire(endpoint, "bot");
            bot.ready().await(PATIENCE);
            Path lock = lock();
            Files.delete(lock);
            eventually(() -> evidence(bot).contains("lost"));
            assertThat(bot.status().lastLoss().orElseThrow().cause()).isEqualTo(LossCause.CLAIM_LOST);
            assertThat(evidence(bot))
                    .isEqualTo("its claim in the claim folder "
                            + lock.getParent().toRealPath() + " was lost: somebody has deleted its lock file");

            bot.ready().await(PATIENCE);
            assertThat(lock).exists();
            assertThat(otherProgramSays())
                    .isEqualTo("refused MACHINE by " + ProcessHandle.current().pid());
            assertThat(node.accepted()).isEqualTo(2);
            assertThat(node.evictions()).isZero();
        }
    }

    private Path lock() throws Exception {
        String port = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        try (var locks = Files.newDirectoryStream(
                Path.of(System.getProperty("meshlease.claims")), "tcp-*-" + port + "-*.lock")) {
            return locks.iterator().next();
        }
    }

    @Test
    void the_machine_is_asked_before_the_store_and_gets_back_what_the_store_refuses() throws Exception {
        MemoryClaims store = MemoryClaims.create();
        ClaimingProgram program = store.program();
        try (LinkRegistry links = LinkRegistry.builder().claims(program).build()) {
            try (OtherProgram first = OtherProgram.start(endpoint, "echo")) {
                assertThat(first.line()).isEqualTo(OtherProgram.READY);
                assertThatThrownBy(() -> links.acquire(endpoint, "bot"))
                        .isInstanceOfSatisfying(
                                DuplicateLinkException.class,
                                refused -> assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.MACHINE));
                assertThat(program.asked()).isZero();
            }
            store.refuse(FAR_AWAY);
            assertThatThrownBy(() -> links.acquire(endpoint, "bot"))
                    .isInstanceOfSatisfying(
                            DuplicateLinkException.class,
                            refused -> assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE));
            eventually(() -> links.links().isEmpty());
            assertThat(otherProgramSays()).as("the machine's claim").isEqualTo(OtherProgram.READY);

            store.admit();
            links.acquire(endpoint, "bot").ready().await(PATIENCE);
            assertThat(store.held()).hasSize(1);
            assertThat(otherProgramSays())
                    .isEqualTo("refused MACHINE by " + ProcessHandle.current().pid());
        }
        assertThat(store.held()).isEmpty();
        assertThat(node.evictions()).isZero();
    }

    @Test
    void a_link_that_the_store_doubts_keeps_the_machines_claim_until_it_is_closed() throws Exception {
        MemoryClaims store = MemoryClaims.create();
        ClaimingProgram program = store.program();
        try (LinkRegistry links = LinkRegistry.builder().claims(program).build()) {
            Lease bot = links.acquire(endpoint, "bot");
            bot.ready().await(PATIENCE);
            program.suspend("no contact");
            eventually(() -> evidence(bot).contains("is suspended: no contact"));
            assertThat(otherProgramSays())
                    .isEqualTo("refused MACHINE by " + ProcessHandle.current().pid());

            program.restore();
            bot.ready().await(PATIENCE);
            assertThat(node.accepted()).isEqualTo(2);
            program.suspend("no contact");
        }
        assertThat(store.held()).isEmpty();
        assertThat(otherProgramSays()).isEqualTo(OtherProgram.READY);
        assertThat(node.evictions()).isZero();
    }
}
