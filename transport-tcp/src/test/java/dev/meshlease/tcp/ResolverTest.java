package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.contract.CountedTransport;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resolvers that do not do what they should, in virtual time, in which nothing can be connected to. */
class ResolverTest {
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final VirtualEnvironment time = VirtualEnvironment.create(1);
    private final CountedTransport transport = CountedTransport.of(new TcpTransport());
    private final List<CompletableFuture<List<InetAddress>>> asked = new ArrayList<>();
    private NameResolver resolver = host -> {
        asked.add(new CompletableFuture<>());
        return asked.get(asked.size() - 1);
    };
    private final LinkRegistry links = LinkRegistry.builder()
            .environment(new OwnNames(time, host -> resolver.resolve(host)))
            .transport(transport)
            .build();

    @AfterEach
    void end() {
        links.close();
    }

    @Test
    void one_that_never_answers_is_waited_for_until_the_settle_timeout_and_then_asked_again_and_again() {
        Instant before = time.now();

        Lease lease = links.acquire("tcp://hangs.test", "patient");

        assertThat(Duration.between(before, time.now())).isEqualTo(SETTLE_TIMEOUT);
        time.advance(CONNECT_TIMEOUT);
        assertThat(lease.status().lastLoss()).isPresent();
        assertThat(lease.status().lastLoss().orElseThrow().toString()).contains("30 s");
        int soFar = asked.size();
        time.advance(Duration.ofMinutes(5));
        assertThat(asked).hasSizeGreaterThan(soFar);
        assertThat(transport.attempts()).isZero();
    }

    @Test
    void an_answer_that_comes_after_its_deadline_is_not_connected_to() {
        Lease lease = links.acquire("tcp://late.test", "patient");
        time.advance(CONNECT_TIMEOUT);
        assertThat(lease.status().lastLoss()).isPresent();

        asked.get(0).complete(List.of(InetAddress.getLoopbackAddress())); // That of acquire.
        asked.get(1).complete(List.of(InetAddress.getLoopbackAddress())); // That of the first attempt.
        time.settle();

        assertThat(transport.attempts()).isZero();
        assertThat(lease.link().keys()).hasToString("[tcp://late.test:4403]");
    }

    @Test
    void one_that_throws_is_a_name_that_does_not_resolve() {
        failsWith(() -> {
            throw new IllegalStateException("no network");
        });
    }

    @Test
    void one_that_throws_an_error_does_not_stop_the_loop() {
        failsWith(() -> {
            throw new NoClassDefFoundError("no network");
        });
    }

    @Test
    void one_that_gives_nothing_at_all_is_a_name_that_does_not_resolve() {
        failsWith(() -> null);
    }

    /** Of an address that is null, the JDK would make this machine. */
    @Test
    void one_that_answers_with_nonsense_is_a_name_that_does_not_resolve() {
        failsWith(() -> CompletableFuture.completedFuture(Arrays.asList((InetAddress) null)));
    }

    private interface Answer {
        CompletableFuture<List<InetAddress>> get();
    }

    private void failsWith(Answer answer) {
        NameResolver silent = resolver;
        resolver = host -> {
            asked.add(null);
            return answer.get();
        };
        Instant before = time.now();

        Lease lease = links.acquire("tcp://broken.test", "patient");

        assertThat(time.now()).isEqualTo(before);
        time.settle();
        assertThat(lease.status().lastLoss()).hasValueSatisfying(loss -> {
            assertThat(loss.cause()).isEqualTo(LossCause.UNRESOLVED);
            assertThat(loss.evidence()).contains("broken.test");
        });
        int soFar = asked.size();
        time.advance(Duration.ofMinutes(5));
        assertThat(asked).hasSizeGreaterThan(soFar);
        assertThat(transport.attempts()).isZero();
        resolver = silent;
        time.advance(Duration.ofMinutes(5));
        assertThat(asked.get(asked.size() - 1)).isNotNull(); // The loop still works, and asks whoever answers now.
    }
}
