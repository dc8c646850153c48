package dev.meshlease.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a physical connection ended, as evidence. What it means (a rival client, a reboot) is for the link to infer.
 *
 * @param kind what was seen
 * @param detail a few words for a person, such as the operating system's own
 * @param error the exception behind it, if there was one
 */
public record Loss(Kind kind, String detail, @Nullable Throwable error) {
    public Loss {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /** A loss without an exception. */
    public static Loss of(Kind kind, String detail) {
        return new Loss(kind, detail, null);
    }

    /** What was seen. */
    public enum Kind {
        /** This side closed it. */
        CLOSED,
        /** The host answered that nobody listens there. */
        REFUSED,
        /** There is no way to the host. */
        UNREACHABLE,
        /** No answer within the time allowed. */
        TIMED_OUT,
        /** The other side aborted the connection (TCP RST). */
        RESET,
        /** The other side closed the connection in order (TCP FIN). */
        END_OF_STREAM,
        /** There is no such serial device. */
        NO_SUCH_DEVICE,
        /** Somebody else holds the serial device. */
        BUSY,
        /** This user may not open the device. */
        NOT_PERMITTED,
        /** The platform cannot do it: a native library is missing, for instance. */
        UNAVAILABLE,
        /** Anything else; the detail and the error say what. */
        FAILED
    }
}
