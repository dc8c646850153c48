import org.jspecify.annotations.NullMarked;

/** Reserved for the serial transport, which is not part of this version. */
@NullMarked
module dev.meshlease.serial {
    requires transitive dev.meshlease;
    requires static transitive org.jspecify;
}
