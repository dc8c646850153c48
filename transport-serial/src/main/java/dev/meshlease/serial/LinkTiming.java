package dev.meshlease.serial;

import java.time.Duration;

/**
 * How long the parts of a connection may take.
 *
 * @param wake between the wake bytes and the first frame
 * @param write for the port to take anything of what is written
 * @param drain for the driver to send the last bytes
 * @param linger for the last bytes beyond the driver, of which nobody tells
 * @param leave for reader and writer to return from a port that is closed
 */
record LinkTiming(Duration wake, Duration write, Duration drain, Duration linger, Duration leave) {
    static final LinkTiming STANDARD = new LinkTiming(
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofSeconds(1));
}
