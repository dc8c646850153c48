import org.jspecify.annotations.NullMarked;

/** Simulated nodes, virtual time and the behaviour suites that every transport must pass. */
@NullMarked
module dev.meshlease.testkit {
    requires transitive dev.meshlease;
    requires static transitive org.jspecify;
    requires static org.junit.jupiter.api;
    requires static org.assertj.core;
    requires static com.google.errorprone.annotations;
    requires static com.google.gson;
    requires org.slf4j;

    exports dev.meshlease.testkit;
    exports dev.meshlease.testkit.assertj;
    exports dev.meshlease.testkit.contract;
    exports dev.meshlease.testkit.fault;
    exports dev.meshlease.testkit.junit;
    exports dev.meshlease.testkit.node;

    opens dev.meshlease.testkit.contract to
            org.junit.platform.commons;
    opens dev.meshlease.testkit.junit to
            org.junit.platform.commons;
}
