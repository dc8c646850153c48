import org.jspecify.annotations.NullMarked;

/** Links to nodes over TCP. */
@NullMarked
module dev.meshlease.tcp {
    requires transitive dev.meshlease;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires org.slf4j;

    exports dev.meshlease.tcp;

    provides dev.meshlease.spi.Transport with
            dev.meshlease.tcp.TcpTransport;
}
