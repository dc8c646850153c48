package dev.meshlease.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static dev.meshlease.verification.architecture.MainCode.ALL;
import static dev.meshlease.verification.architecture.MainCode.LINK;
import static dev.meshlease.verification.architecture.MainCode.LOOP;
import static dev.meshlease.verification.architecture.MainCode.RAW;
import static dev.meshlease.verification.architecture.MainCode.TCP;
import static dev.meshlease.verification.architecture.MainCode.TESTKIT;

import org.junit.jupiter.api.Test;

/** Which code may touch the world: sockets, clocks, devices, streams. */
class BoundariesTest {
    private static final String DRIVER = "dev.meshlease.internal.registry.LinkDriver";
    private static final String SOCKETS = "java\\.net\\.(Server|Datagram|Multicast)?Socket"
            + "|java\\.nio\\.channels\\.(Asynchronous)?(Server)?SocketChannel"
            + "|java\\.nio\\.channels\\.DatagramChannel"
            + "|java\\.net\\.(http\\..*|.*URLConnection)"
            + "|javax\\.net\\..*";

    /** A connection made to look whether a node is there takes the node's one place. */
    @Test
    void sockets_are_for_the_tcp_transport_the_testkit_and_the_raw_side_of_benchmarks() {
        noClasses()
                .that()
                .resideOutsideOfPackages(TCP, TESTKIT, RAW)
                .should()
                .dependOnClassesThat(nameMatching(SOCKETS))
                .orShould()
                .callMethodWhere(target(name("connect")).and(targetOwner(nameStartingWith("java"))))
                .check(ALL);
    }

    /** And for lock files, which are locked through one. */
    @Test
    void channels_are_for_the_loop_and_for_those_who_have_sockets() {
        noClasses()
                .that(not(name("dev.meshlease.internal.machine.LockFile")))
                .and()
                .resideOutsideOfPackages(TCP, TESTKIT, RAW, LOOP, "dev.meshlease.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.channels..")
                .check(ALL);
    }

    @Test
    void a_link_is_connected_by_its_driver_only() {
        noClasses()
                .that(resideOutsideOfPackages(TESTKIT).and(not(nameStartingWith(DRIVER))))
                .should()
                .callMethodWhere(target(name("connect")).and(targetOwner(assignableTo("dev.meshlease.spi.Target"))))
                .orShould()
                .callMethodWhere(target(name("issue")).and(targetOwner(name("dev.meshlease.spi.Permit"))))
                .check(ALL);
    }

    @Test
    void the_protocol_engine_is_told_the_time() {
        noClasses()
                .that()
                .resideInAPackage(LINK)
                .should()
                .callMethodWhere(target(nameMatching("nanoTime|currentTimeMillis|instant|millis|now"))
                        .and(targetOwner(nameStartingWith("java"))))
                .check(ALL);
    }

    @Test
    void the_clock_is_read_in_one_place_of_core() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.meshlease", "dev.meshlease.message", "dev.meshlease.spi")
                .or()
                .resideInAnyPackage("dev.meshlease.internal.lease", "dev.meshlease.internal.registry")
                .should()
                .callMethodWhere(target(nameMatching("nanoTime|currentTimeMillis|now|systemUTC"))
                        .and(targetOwner(nameStartingWith("java"))))
                .check(ALL);
    }

    @Test
    void nothing_sleeps() {
        noClasses()
                .should()
                .callMethodWhere(target(name("sleep"))
                        .and(targetOwner(nameMatching("java\\.lang\\.Thread|java\\.util\\.concurrent\\.TimeUnit"))))
                .check(ALL);
    }

    @Test
    void nothing_but_applications_writes_to_the_standard_streams() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.meshlease.examples..", "dev.meshlease.verification..", "dev.meshlease.testkit.cli")
                .should(ACCESS_STANDARD_STREAMS)
                .check(ALL);
    }

    @Test
    void logging_goes_through_slf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(ALL);
    }

    @Test
    void serial_devices_are_for_one_class_of_the_serial_transport() {
        noClasses()
                .that(not(nameStartingWith("dev.meshlease.serial.JSerialCommPorts")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fazecast..")
                .check(ALL);
    }
}
