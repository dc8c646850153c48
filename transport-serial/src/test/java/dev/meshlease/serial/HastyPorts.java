package dev.meshlease.serial;

import java.time.Duration;

/** For tests that open a port often, and do not look at what the pauses after the wake bytes and at the end are for. */
final class HastyPorts {
    private static final LinkTiming TIMING = new LinkTiming(
            Duration.ofMillis(5),
            LinkTiming.STANDARD.write(),
            LinkTiming.STANDARD.drain(),
            Duration.ofMillis(5),
            LinkTiming.STANDARD.leave());

    private HastyPorts() {}

    static SerialTransport transport() {
        return new SerialTransport(
                ModemLines.ASSERT_BOTH,
                DeviceFiles.SYSTEM,
                JSerialCommPorts.SYSTEM,
                TIMING,
                SerialTransport.IS_WINDOWS);
    }
}
