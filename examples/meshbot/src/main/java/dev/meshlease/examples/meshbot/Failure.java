package dev.meshlease.examples.meshbot;

/** The run did not go as it should; the message is the one line that the user gets to see. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
