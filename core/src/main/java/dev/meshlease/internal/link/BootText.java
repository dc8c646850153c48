package dev.meshlease.internal.link;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks, in what comes between frames, for the lines that the boot loader in an ESP32's ROM prints after every reset. The firmware's own
 * begin with a level and a time. A text from the mesh with a line break in it may imitate one where the firmware logs it; that costs a
 * handshake.
 */
final class BootText {
    private static final Pattern ROM = Pattern.compile("(ESP-ROM:|rst:0x|ets [A-Z][a-z]{2} ).*");
    private static final int MOST_CHARS = 80;

    private final StringBuilder line = new StringBuilder();
    private @Nullable String found;

    void saw(byte[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte next = array[i];
            if (next == '\n') {
                lineEnds();
            } else if (next >= ' '
                    && line.length() < MOST_CHARS) { // What is no printable ASCII is a glitch of the reset.
                line.append((char) next);
            }
        }
    }

    private void lineEnds() {
        if (found == null && ROM.matcher(line).matches()) {
            found = line.toString();
        }
        line.setLength(0);
    }

    /** The first such line since this was last asked. */
    Optional<String> take() {
        Optional<String> taken = Optional.ofNullable(found);
        found = null;
        return taken;
    }
}
