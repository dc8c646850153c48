import org.jspecify.annotations.NullMarked;

/** The registry of links, the leases it hands out, and the engine that keeps each link alive. */
@NullMarked
module dev.meshlease {
    requires transitive com.google.protobuf;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires org.slf4j;

    exports dev.meshlease;
    exports dev.meshlease.message;
    exports dev.meshlease.proto;
    exports dev.meshlease.spi;
    exports dev.meshlease.internal.permit to
            dev.meshlease.testkit;

    uses dev.meshlease.spi.Transport;
}
