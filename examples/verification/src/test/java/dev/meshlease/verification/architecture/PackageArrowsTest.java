package dev.meshlease.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.meshlease.verification.architecture.MainCode.ALL;
import static dev.meshlease.verification.architecture.MainCode.FRAME;
import static dev.meshlease.verification.architecture.MainCode.LEASE;
import static dev.meshlease.verification.architecture.MainCode.LINK;
import static dev.meshlease.verification.architecture.MainCode.LOOP;
import static dev.meshlease.verification.architecture.MainCode.MACHINE;
import static dev.meshlease.verification.architecture.MainCode.PERMIT;
import static dev.meshlease.verification.architecture.MainCode.REGISTRY;
import static dev.meshlease.verification.architecture.MainCode.TESTKIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.module.ModuleDescriptor;
import org.junit.jupiter.api.Test;

/** Which package may know which. */
class PackageArrowsTest {
    private static final String ROOT = "dev.meshlease";
    private static final String MESSAGE = "dev.meshlease.message";
    private static final String SPI = "dev.meshlease.spi";
    private static final String PROTO = "dev.meshlease.proto";
    private static final String ENVIRONMENT = "dev.meshlease.spi.Environment";
    private static final String MOMENT = "dev.meshlease.internal.link.Moment";

    /** Else all the other rules could pass by looking at nothing. */
    @Test
    void the_scan_sees_every_module_and_the_examples() {
        assertThat(MainCode.modules())
                .extracting(ModuleDescriptor::name)
                .contains("dev.meshlease", "dev.meshlease.testkit", "dev.meshlease.tcp", "dev.meshlease.serial");
        assertThat(ALL.stream().map(JavaClass::getPackageName).distinct())
                .contains(ROOT, MESSAGE, SPI, PROTO, FRAME, LINK, LEASE, REGISTRY, LOOP, PERMIT, MACHINE)
                .contains("dev.meshlease.testkit", "dev.meshlease.tcp", "dev.meshlease.serial")
                .contains("dev.meshlease.examples.meshbot", "dev.meshlease.examples.benchmarks.raw");
    }

    /**
     * Two arrows are exempt, both from an entry point to what stands behind it: {@code LinkRegistry.builder().build()} makes the registry,
     * and {@code Environment.system()} the system's environment. Without them a user would have to find the implementation by name or by
     * a service loader, for nothing but the picture.
     */
    @Test
    void packages_form_no_cycle() {
        slices().assignedFrom(EACH_PACKAGE)
                .should()
                .beFreeOfCycles()
                .ignoreDependency(name("dev.meshlease.LinkRegistryBuilder"), resideInAPackage(REGISTRY))
                .ignoreDependency(name(ENVIRONMENT), resideInAPackage(LOOP))
                .check(ALL);
    }

    @Test
    void the_exempt_arrows_have_one_origin_each() {
        noClasses()
                .that(resideOutsideOfPackages(REGISTRY).and(not(name("dev.meshlease.LinkRegistryBuilder"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(REGISTRY)
                .check(ALL);
        noClasses()
                .that(resideOutsideOfPackages(LOOP).and(not(name(ENVIRONMENT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LOOP)
                .check(ALL);
    }

    @Test
    void the_spi_knows_neither_links_nor_messages() {
        noClasses()
                .that()
                .resideInAPackage(SPI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, MESSAGE, PROTO, FRAME, LINK, LEASE, REGISTRY)
                .check(ALL);
    }

    @Test
    void messages_know_how_a_packet_is_read_and_neither_links_nor_the_spi() {
        onlyKnows(MESSAGE, MESSAGE, FRAME, PROTO, "com.google.protobuf", "org.jspecify..", "java..")
                .check(ALL);
    }

    @Test
    void frames_know_nothing_but_bytes() {
        classes()
                .that()
                .resideInAPackage(FRAME)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(FRAME, "java.lang..", "java.io", "java.nio", "java.util", "org.jspecify..")
                                .or(name("com.google.protobuf.MessageLite"))
                                .or(name("com.google.protobuf.CodedOutputStream")))
                .check(ALL);
    }

    /** Sans-IO: of the SPI it sees the evidence of a loss, and the type that {@code Moment.of} reads for its callers. */
    @Test
    void the_protocol_engine_knows_no_wire_no_thread_and_no_lock() {
        classes()
                .that()
                .resideInAPackage(LINK)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                LINK,
                                FRAME,
                                ROOT,
                                MESSAGE,
                                PROTO,
                                "com.google.protobuf",
                                "org.jspecify..",
                                "org.slf4j",
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.io",
                                "java.nio",
                                "java.nio.charset",
                                "java.time",
                                "java.util",
                                "java.util.function",
                                "java.util.random",
                                "java.util.regex",
                                "java.util.stream",
                                "java.util.concurrent.atomic")
                        .and(not(name("java.lang.Thread")))
                        .or(name("java.util.concurrent.TimeUnit"))
                        .or(name("dev.meshlease.spi.Loss"))
                        .or(name("dev.meshlease.spi.Loss$Kind"))
                        .or(name("dev.meshlease.spi.TimeSource")))
                .check(ALL);
        noClasses()
                .that(resideInAPackage(LINK).and(not(name(MOMENT))))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.meshlease\\.spi\\.TimeSource|java\\.time\\.(Clock|InstantSource)")
                .check(ALL);
    }

    @Test
    void leases_reach_their_link_through_their_host_only() {
        noClasses()
                .that()
                .resideInAPackage(LEASE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(REGISTRY, LOOP, FRAME, PERMIT, "java.net..", "java.nio..")
                .check(ALL);
    }

    @Test
    void loops_know_nothing_but_threads_and_time() {
        onlyKnows(LOOP, LOOP, SPI, "org.slf4j", "org.jspecify..", "java..").check(ALL);
    }

    @Test
    void claims_among_programs_know_keys_and_files_only() {
        onlyKnows(MACHINE, MACHINE, SPI, "org.slf4j", "org.jspecify..", "java..")
                .check(ALL);
    }

    @Test
    void permits_are_for_the_registry_and_the_testkit() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SPI, REGISTRY, PERMIT, TESTKIT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(PERMIT)
                .check(ALL);
    }

    /** And the benchmarks of frames, which no user can find otherwise than by a link. */
    @Test
    void only_core_knows_its_internals_and_the_testkit_the_permits() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT, SPI, MESSAGE, "dev.meshlease.internal..", "dev.meshlease.examples.benchmarks.codec")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.meshlease.internal..").and(not(resideInAPackage(PERMIT))))
                .check(ALL);
    }

    private static ArchRule onlyKnows(String who, String... what) {
        return classes().that().resideInAPackage(who).should().onlyDependOnClassesThat(resideInAnyPackage(what));
    }

    private static final SliceAssignment EACH_PACKAGE = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    };
}
