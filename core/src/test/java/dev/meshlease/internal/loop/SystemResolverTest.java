package dev.meshlease.internal.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Environment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SystemResolverTest {
    private final GrowingPool helpers = new GrowingPool("meshlease-test-", 8, "unused");

    @Test
    void the_system_resolves_literals_of_both_families() throws Exception {
        var names = Environment.system().names();
        assertThat(names.resolve("127.0.0.1").toCompletableFuture().get(20, SECONDS))
                .containsExactly(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        assertThat(names.resolve("::1").toCompletableFuture().get(20, SECONDS))
                .singleElement()
                .satisfies(address -> {
                    assertThat(address.isLoopbackAddress()).isTrue();
                    assertThat(address.getAddress()).hasSize(16);
                });
    }

    @Test
    void a_lookup_that_hangs_holds_up_no_other() throws Exception {
        var gate = new CountDownLatch(1);
        var hanging = new CountDownLatch(3);
        var resolver = new SystemResolver(helpers, host -> {
            if (host.startsWith("slow")) {
                hanging.countDown();
                awaitQuietly(gate);
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        var slow = resolver.resolve("slow1").toCompletableFuture();
        resolver.resolve("slow2");
        resolver.resolve("slow3");
        assertThat(hanging.await(20, SECONDS)).isTrue();
        assertThat(resolver.resolve("fast").toCompletableFuture().get(20, SECONDS))
                .hasSize(1);
        assertThat(slow).isNotDone();
        gate.countDown();
        assertThat(slow.get(20, SECONDS)).hasSize(1);
    }

    @Test
    void a_failure_of_any_kind_arrives_as_an_unknown_host() {
        var unknown = new UnknownHostException("nobody");
        var known = new SystemResolver(helpers, host -> {
            throw unknown;
        });
        assertThatThrownBy(() -> known.resolve("nobody").toCompletableFuture().get(20, SECONDS))
                .hasCause(unknown);
        var broken = new SystemResolver(helpers, host -> {
            throw new SecurityException("not allowed");
        });
        assertThatThrownBy(() -> broken.resolve("nobody").toCompletableFuture().get(20, SECONDS))
                .cause()
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("nobody")
                .hasCauseInstanceOf(SecurityException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
