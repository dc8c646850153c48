package dev.meshlease.spi;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Somebody on this machine who is connected to a node past the library.
 *
 * @param pid the process; empty where the platform does not tell
 * @param user the number of the user whose process it is; empty where the platform does not tell
 * @param command the program and its first arguments, fit for a log: bounded, without control characters; empty where it is not known
 * @param local this machine's end of the connection, such as {@code 10.0.0.5:50123}; empty for who has a device open
 * @param remote the node's end of it, such as {@code 10.0.0.7:4403}, or the device, such as {@code /dev/ttyUSB0}
 */
public record Stranger(OptionalLong pid, OptionalLong user, String command, String local, String remote) {
    public Stranger {
        Objects.requireNonNull(pid, "pid");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
    }
}
