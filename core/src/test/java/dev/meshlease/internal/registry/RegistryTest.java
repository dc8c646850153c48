package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.WaitInterruptedException;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between a caller and the loop must leave nothing behind. */
class RegistryTest {
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    private final Fake transport = new Fake();
    private final LinkRegistry links =
            registry(LinkOptions.builder().linger(Duration.ZERO).build());

    @AfterEach
    void end() {
        links.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_caller_that_is_interrupted_leaves_no_link_that_nobody_holds(boolean opens) throws Exception {
        CompletableFuture<Target> slow = new CompletableFuture<>();
        transport.answers.put("slow", slow);
        CompletableFuture<Void> asked = transport.asked("slow");
        FutureTask<?> caller = new FutureTask<>(
                () -> opens ? links.open("fake://slow", links.defaults()) : links.acquire("fake://slow", "bot"));
        Thread thread = new Thread(caller, "caller");
        thread.start();
        asked.get(10, TimeUnit.SECONDS);

        thread.interrupt();

        assertThatThrownBy(() -> caller.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WaitInterruptedException.class);
        slow.complete(transport.target("slow"));
        assertThat(links.find(Endpoint.of("fake://other"))).isEmpty(); // A turn of the loop later.
        assertThat(links.links()).isEmpty();
        try (OwnedLink free = links.open("fake://slow", links.defaults())) {
            assertThat(free.leases()).isEmpty();
        }
    }

    @Test
    void an_acquire_that_fails_on_its_arguments_does_not_count_as_a_lease() {
        Lease lease = links.acquire("fake://node", "bot");

        assertThatThrownBy(() -> lease.link().acquire((LeaseOptions) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> links.acquire(lease.link().endpoint(), (LeaseOptions) null))
                .isInstanceOf(NullPointerException.class);
        lease.close();

        // Waits for a link that ends, and is refused by one that does not.
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!links.links().isEmpty()) {
            assertThat(System.nanoTime() - limit).as("the link stays").isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void for_ever_is_a_duration() {
        LinkOptions patient = LinkOptions.builder()
                .linger(FOR_EVER)
                .settleTimeout(FOR_EVER)
                .reconnect(new ReconnectPolicy(FOR_EVER, FOR_EVER, 0.2, FOR_EVER))
                .build();
        try (LinkRegistry patients = registry(patient)) {
            Lease lease = patients.acquire("fake://patient", "bot");
            lease.close(Duration.ofSeconds(Long.MIN_VALUE));
            assertThat(patients.links()).hasSize(1);
        }
    }

    private LinkRegistry registry(LinkOptions options) {
        return LinkRegistry.builder().defaults(options).transport(transport).build();
    }

    /** Every address is a key of its own; nothing ever answers there. */
    private static final class Fake implements Transport {
        final Map<String, CompletableFuture<Target>> answers = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

        CompletableFuture<Void> asked(String address) {
            return asked.computeIfAbsent(address, name -> new CompletableFuture<>());
        }

        Target target(String address) {
            return new Target() {
                @Override
                public Set<LinkKey> keys() {
                    return Set.of(new LinkKey("fake", address));
                }

                @Override
                public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
                    throw new IllegalStateException("nobody there, as the test wants it");
                }
            };
        }

        @Override
        public String scheme() {
            return "fake";
        }

        @Override
        public String check(String address) {
            return address;
        }

        @Override
        public CompletionStage<Target> locate(String address, Environment environment) {
            asked(address).complete(null);
            return answers.getOrDefault(address, CompletableFuture.completedFuture(target(address)));
        }
    }
}
