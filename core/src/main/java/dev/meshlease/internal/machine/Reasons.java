package dev.meshlease.internal.machine;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something could not be done with a file, in words: many of the platform's exceptions say no more than the file's name. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        boolean says = failure instanceof FileSystemException named
                ? named.getReason() != null
                : failure instanceof IOException && message != null;
        return says ? String.valueOf(message) : failure.toString();
    }
}
