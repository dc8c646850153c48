package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.FaultKind;
import dev.meshlease.testkit.fault.Injection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library's link through each fault, and after it. */
class FaultRecoveryTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create(1);

    static Stream<String> fromTheStart() {
        return Stream.of(
                "drop:at=config_complete,times=1",
                "drop:to=node,times=1",
                "delay:by=500ms",
                "delay:by=3s,at=channel,times=2",
                "corrupt:chance=0.1,times=5",
                "truncate:to=client,after=4,times=1",
                "truncate:to=node,times=1",
                "garbage:to=client",
                "garbage:chance=0.5,times=20",
                "split",
                "silence:at=my_info,times=1",
                "silence:for=40s,times=1",
                "stall-reading:for=20s,times=1",
                "stall-writing:at=config,for=10s,times=1",
                "stall-writing:at=config,times=1",
                "close:at=want_config,times=1",
                "close:at=config_complete,times=1",
                "reset:at=my_info,times=1",
                "reset:after=20,times=3",
                "reset:connection=1",
                "refuse:for=30s",
                "reboot:at=channel,after=3,times=1",
                "rival:at=config,times=1",
                "rival:after=3,times=2,for=10s",
                "duel:every=2s,times=3",
                "drop:chance=0.05,times=4+delay:by=50ms,chance=0.3+split:chance=0.1+garbage:chance=0.1,times=3");
    }

    @ParameterizedTest
    @MethodSource("fromTheStart")
    void a_link_gets_through_in_the_end(String faults) {
        try (SimulatedNode node = SimulatedNode.builder()
                        .nodes(3)
                        .fault(Fault.parseAll(faults).toArray(Fault[]::new))
                        .start(environment);
                LinkRegistry registry = environment.registry()) {
            var lease = registry.acquire(node.endpoint(), "test");
            List<String> heard = new ArrayList<>();
            lease.subscribe(texts(), packet -> heard.add(packet.text()));
            environment.advance(Duration.ofMinutes(30));

            assertThat(node.faults().strikes()).isPositive();
            lease.ready().await(Duration.ofSeconds(30));
            node.peers().get(0).says("still there?");
            environment.advance(Duration.ofSeconds(30));
            assertThat(heard).containsExactly("still there?");
        }
    }

    @Test
    void no_kind_of_fault_is_left_out() {
        Set<FaultKind> tried = fromTheStart()
                .flatMap(text -> Fault.parseAll(text).stream())
                .map(Fault::kind)
                .collect(Collectors.toSet());

        assertThat(tried).containsExactlyInAnyOrder(FaultKind.values());
    }

    static Stream<Fault> whileItLasts() {
        return Stream.concat(
                Arrays.stream(FaultKind.values())
                        .filter(kind -> kind != FaultKind.DELAY && kind != FaultKind.DUEL && kind != FaultKind.REFUSE)
                        .map(kind ->
                                Fault.parse(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))),
                Stream.of(
                        Fault.delay(Duration.ofMinutes(2)),
                        Fault.duel(Duration.ofSeconds(3)),
                        Fault.refuse(Duration.ofHours(5))));
    }

    /** All that a fault can do for ten minutes, to a link that was ready. */
    @ParameterizedTest
    @MethodSource("whileItLasts")
    void a_link_recovers_when_a_fault_has_ended(Fault fault) {
        try (SimulatedNode node = SimulatedNode.builder().nodes(3).start(environment);
                LinkRegistry registry = environment.registry()) {
            var lease = registry.acquire(node.endpoint(), "test");
            lease.ready().await(Duration.ofSeconds(30));
            try (Injection injection = node.inject(fault)) {
                node.disconnectClient();
                environment.advance(Duration.ofMinutes(10));
                assertThat(injection.strikes()).isPositive();
            }
            environment.advance(Duration.ofMinutes(5));

            lease.ready().await(Duration.ofSeconds(1));
            int accepted = node.accepted();
            environment.advance(Duration.ofHours(1));
            assertThat(node.accepted()).isEqualTo(accepted);
        }
    }
}
