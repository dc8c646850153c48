package dev.meshlease;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who else on this machine is connected to a link's node, or has its serial port open, as far as the platform shows it: on Linux. It is
 * looked for when a connection was lost as others make it be lost, every few seconds while there is somebody, and regularly if the registry was told so
 * ({@link LinkRegistryBuilder#audit}). Other machines, phones, and containers with a network of their own are not seen from here.
 *
 * @param seen who it is, first seen first; who was not seen for 5 s is left out
 * @param lookedAt when it was last looked for with success; empty if never
 * @param unknown why it cannot be told, if it cannot
 */
public record ForeignConnections(List<ForeignConnection> seen, Optional<Instant> lookedAt, Optional<String> unknown) {
    /** Nobody has looked. */
    public static final ForeignConnections NONE = new ForeignConnections(List.of(), Optional.empty(), Optional.empty());

    public ForeignConnections {
        seen = List.copyOf(seen);
        Objects.requireNonNull(lookedAt, "lookedAt");
        Objects.requireNonNull(unknown, "unknown");
    }

    /** For people: who was seen; else {@code unknown: …}, {@code none seen on this machine}, or nothing if nobody has looked. */
    @Override
    public String toString() {
        if (!seen.isEmpty()) {
            return seen.stream().map(ForeignConnection::toString).collect(Collectors.joining("; "));
        }
        return unknown.map(why -> "unknown: " + why)
                .or(() -> lookedAt.map(at -> "none seen on this machine"))
                .orElse("");
    }
}
