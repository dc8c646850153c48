import org.jspecify.annotations.NullMarked;

/**
 * A program of a user, as a module. It does not require {@code dev.meshlease.tcp}: the transport is bound as a service when it is on the
 * module path, and one of the tests runs the program without it.
 */
@NullMarked
module dev.meshlease.verification.app {
    requires dev.meshlease;
    requires dev.meshlease.testkit;
    requires static org.jspecify;
}
