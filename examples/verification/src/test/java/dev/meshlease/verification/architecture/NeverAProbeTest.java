package dev.meshlease.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection made to see whether a node is there takes the node's one place. So those who may connect are listed, by name. */
class NeverAProbeTest {
    private static final Set<String> IN_MAIN_CODE = Set.of(
            "dev.meshlease.tcp.TcpSocket",
            "dev.meshlease.testkit.NaiveClient", // The rival, which goes to the loopback interface only.
            // What the benchmarks measure against, over a socket of the loopback interface.
            "dev.meshlease.examples.benchmarks.raw.RawClient",
            "dev.meshlease.examples.benchmarks.raw.RawFlood",
            "dev.meshlease.examples.benchmarks.raw.RawRelay");

    /** Each is a client of its own to a simulated node, or to a socket of its own, on purpose. */
    private static final Set<String> IN_TESTS = Set.of(
            "dev.meshlease.testkit.TcpClient",
            "dev.meshlease.testkit.TcpFaceIT",
            "dev.meshlease.tcp.BoundedCloseIT",
            "dev.meshlease.tcp.BypassIT",
            "dev.meshlease.tcp.PortForward", // Connects for whoever comes through it.
            "dev.meshlease.tcp.RivalProgram", // Past the library, to be found.
            "dev.meshlease.tcp.TcpLinkIT",
            "dev.meshlease.tcp.TcpLookoutTest",
            "dev.meshlease.verification.simulator.MuteConnectionsIT");

    /** Each tries a transport, or stands in for a registry, on purpose. */
    private static final Set<String> OPEN_TRANSPORTS_IN_TESTS = Set.of(
            "dev.meshlease.testkit.ClaimScheduleTest",
            "dev.meshlease.testkit.MemoryClient",
            "dev.meshlease.testkit.MemoryTransportTest",
            "dev.meshlease.testkit.ObstructedTransport",
            "dev.meshlease.testkit.UnpluggableTransport",
            "dev.meshlease.testkit.contract.CountedTransportTest",
            "dev.meshlease.testkit.junit.Connecting",
            "dev.meshlease.testkit.junit.JudgedSamples",
            "dev.meshlease.serial.SerialPortIT",
            "dev.meshlease.serial.SerialTransportTest",
            "dev.meshlease.tcp.TcpLinkIT",
            "dev.meshlease.tcp.TcpPermitTest");

    private static final JavaClasses SAMPLES =
            new ClassFileImporter().importClasses(ProbeSamples.class.getDeclaredClasses());

    @Test
    void only_the_tcp_transport_and_the_rivals_connect() {
        Connecting.onlyBy(IN_MAIN_CODE).check(MainCode.ALL);
    }

    @Test
    void tests_that_connect_plainly_are_known() {
        Connecting.onlyBy(IN_TESTS).check(TestCode.ALL.that(areNoSamples()));
    }

    @Test
    void tests_that_open_a_transport_themselves_are_known() {
        noClasses()
                .that(describe(
                        "are none of those listed",
                        type -> !OPEN_TRANSPORTS_IN_TESTS.contains(Connecting.outermost(type))))
                .should()
                .callMethodWhere(target(name("connect")).and(targetOwner(assignableTo("dev.meshlease.spi.Target"))))
                .check(TestCode.ALL);
    }

    @Test
    void who_is_listed_does_connect() {
        assertThat(connecting(MainCode.ALL)).containsExactlyInAnyOrderElementsOf(IN_MAIN_CODE);
        assertThat(connecting(TestCode.ALL.that(areNoSamples()))).containsExactlyInAnyOrderElementsOf(IN_TESTS);
    }

    private static Set<String> connecting(JavaClasses all) {
        return all.stream()
                .filter(type -> type.getAccessesFromSelf().stream().anyMatch(Connecting.ACCESS))
                .map(Connecting::outermost)
                .collect(java.util.stream.Collectors.toSet());
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> areNoSamples() {
        return describe("are no samples", type -> !Connecting.outermost(type).equals(ProbeSamples.class.getName()));
    }

    static Stream<JavaClass> probes() {
        return SAMPLES.stream().filter(type -> type.getSimpleName().startsWith("By"));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void each_way_to_probe_is_found(JavaClass probe) {
        assertThat(breaks(probe)).as(probe.getName()).isTrue();
    }

    @Test
    void what_connects_nothing_is_not() {
        assertThat(breaks(SAMPLES.get(ProbeSamples.Harmless.class))).isFalse();
    }

    private static boolean breaks(JavaClass type) {
        JavaClasses one = SAMPLES.that(describe("are " + type.getName(), type::equals));
        return Connecting.onlyBy(IN_TESTS).evaluate(one).hasViolation();
    }
}
