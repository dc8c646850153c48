package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.testkit.SimulatedNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name whose addresses change while its link is up, and another registry that has an eye on them. */
class AddressChangeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final SimulatedNode node = SimulatedNode.builder().nodes(1).start();
    private final int port = Integer.parseInt(node.endpoint().address().split(":")[1]);
    private final TcpWorld world = new TcpWorld();
    private final LinkRegistry links = registry();
    private final LinkRegistry others = registry();
    private volatile List<InetAddress> addresses = List.of(address(1));

    @AfterEach
    void end() {
        links.close();
        others.close();
        node.close();
    }

    private LinkRegistry registry() {
        return LinkRegistry.builder()
                .environment(new OwnNames(Environment.system(), host -> onItsOwnThread(addresses)))
                .defaults(LinkOptions.builder()
                        .reconnect(new ReconnectPolicy(
                                Duration.ofMillis(50), Duration.ofMillis(100), 0, Duration.ofSeconds(30)))
                        .build())
                .build();
    }

    private static CompletionStage<List<InetAddress>> onItsOwnThread(List<InetAddress> answer) {
        var stage = new CompletableFuture<List<InetAddress>>();
        Thread thread = new Thread(() -> stage.complete(answer), "resolver-of-the-test");
        thread.setDaemon(true);
        thread.start();
        return stage;
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private LinkKey key(int last) {
        return new LinkKey("tcp", (last == 1 ? "localhost" : "127.0.0." + last) + ":" + port);
    }

    private Lease ready() {
        Lease lease = links.acquire("tcp://node.test:" + port, "bot");
        lease.ready().await(PATIENCE);
        assertThat(lease.link().keys()).containsExactly(key(1));
        return lease;
    }

    private void refusesOthers(int last) {
        assertThatThrownBy(() -> others.open("tcp://127.0.0." + last + ":" + port, others.defaults()))
                .isInstanceOfSatisfying(
                        DuplicateLinkException.class,
                        refused -> assertThat(refused.key()).isEqualTo(key(last)));
    }

    @Test
    void new_addresses_are_claimed_before_connecting_and_old_ones_released_when_it_is_ready() {
        Lease lease = ready();
        addresses = List.of(address(8)); // Nobody listens there.
        node.evictClient();
        world.eventually("claimed", () -> lease.link().keys().contains(key(8)));

        assertThat(lease.link().keys()).containsExactlyInAnyOrder(key(1), key(8));
        refusesOthers(1);
        refusesOthers(8);
        addresses = List.of(address(9), address(8));
        world.eventually("claimed too", () -> lease.link().keys().contains(key(9)));
        refusesOthers(1);
        refusesOthers(9);

        addresses = List.of(address(9), address(1));
        lease.ready().await(PATIENCE);

        assertThat(lease.link().keys()).containsExactlyInAnyOrder(key(9), key(1));
        refusesOthers(9);
        others.open("tcp://127.0.0.8:" + port, others.defaults()).close();
    }

    @Test
    void whoever_has_the_new_address_refuses_it_and_the_old_one_is_free() {
        others.open("tcp://127.0.0.8:" + port, others.defaults());
        Lease lease = ready();
        addresses = List.of(address(8));
        node.evictClient();

        assertThatThrownBy(() -> lease.closed().await(PATIENCE)).isInstanceOf(DuplicateLinkException.class);

        world.eventually("closed", () -> lease.status().state() == LinkState.CLOSED);
        assertThat(lease.status().closedWith())
                .hasValueSatisfying(why -> assertThat(why)
                        .isInstanceOfSatisfying(
                                DuplicateLinkException.class,
                                refused -> assertThat(refused.key()).isEqualTo(key(8))));
        world.eventually("gone", () -> links.links().isEmpty());
        others.open("tcp://127.0.0.1:" + port, others.defaults()).close();
    }
}
