package dev.meshlease.serial;

import dev.meshlease.spi.Loss;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A port that could not be opened, and why: the message says what to do about it. */
final class PortException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Loss.Kind kind;

    PortException(Loss.Kind kind, String message) {
        this(kind, message, null);
    }

    PortException(Loss.Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Loss.Kind kind() {
        return kind;
    }

    Loss loss() {
        return new Loss(kind, String.valueOf(getMessage()), this);
    }
}
