package dev.meshlease.examples.benchmarks;

/** There is something wrong with the command line; the message says what to write instead. */
final class Misuse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Misuse(String message) {
        super(message);
    }
}
