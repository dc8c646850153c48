package dev.meshlease.internal.machine;

import java.io.IOException;

/** Somebody could have put this file or folder there to mislead us. */
final class UnsafeFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsafeFileException(String message) {
        super(message);
    }
}
