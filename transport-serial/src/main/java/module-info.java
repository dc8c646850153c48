import org.jspecify.annotations.NullMarked;

/** Links to nodes over serial ports. */
@NullMarked
module dev.meshlease.serial {
    requires transitive dev.meshlease;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires com.fazecast.jSerialComm;
    requires org.slf4j;

    exports dev.meshlease.serial;

    provides dev.meshlease.spi.Transport with
            dev.meshlease.serial.SerialTransport;
}
