package dev.meshlease.internal.registry;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether and where links are claimed from this machine's other programs.
 *
 * @param folder where; empty for the usual folder
 */
public record MachineGuard(boolean isOff, Optional<Path> folder) {
    /** Not at all. */
    public static final MachineGuard OFF = new MachineGuard(true, Optional.empty());

    private static final String PROPERTY = "meshlease.claims";

    /** In a folder of the user's. */
    public static MachineGuard in(Path folder) {
        return new MachineGuard(false, Optional.of(folder));
    }

    /**
     * What the system property says, for programs that say nothing.
     *
     * @throws IllegalArgumentException if it is neither {@code off} nor an absolute path
     */
    public static MachineGuard byProperty() {
        String told = System.getProperty(PROPERTY, "").strip();
        if (told.isEmpty()) {
            return new MachineGuard(false, Optional.empty());
        }
        if (told.equals("off")) {
            return OFF;
        }
        try {
            Path folder = Path.of(told);
            if (folder.isAbsolute()) {
                return in(folder);
            }
        } catch (InvalidPathException noPath) {
            throw new IllegalArgumentException(complaint(told), noPath);
        }
        throw new IllegalArgumentException(complaint(told));
    }

    private static String complaint(String told) {
        return "The system property " + PROPERTY + " is to be 'off' or an absolute path, not '" + told + "'";
    }
}
