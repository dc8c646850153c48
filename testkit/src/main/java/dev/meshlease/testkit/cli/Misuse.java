package dev.meshlease.testkit.cli;

/** A command line that cannot be followed; the message says what to write instead. */
final class Misuse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Misuse(String message) {
        super(message);
    }

    Misuse(String message, Throwable cause) {
        super(message, cause);
    }
}
