package dev.meshlease.message;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The number of a node, which is also its address on the mesh.
 *
 * @param number 32 bits, unsigned; kept in an {@code int} as the generated types do
 */
public record NodeId(int number) implements Comparable<NodeId> {
    /** Everybody: {@code !ffffffff}. */
    public static final NodeId BROADCAST = new NodeId(0xFFFFFFFF);

    private static final Pattern TEXT = Pattern.compile("!?([0-9a-fA-F]{8})");

    /**
     * Reads the usual text form.
     *
     * @param text eight hex digits after an exclamation mark, such as {@code !a1b2c3d4}; the mark may be left out
     * @throws IllegalArgumentException if the text is anything else
     */
    public static NodeId of(String text) {
        Objects.requireNonNull(text, "text");
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no node id. Write eight hex digits after an exclamation mark: !a1b2c3d4");
        }
        return new NodeId(Integer.parseUnsignedInt(match.group(1), 16));
    }

    /** Whether this is {@link #BROADCAST}. */
    public boolean isBroadcast() {
        return number == BROADCAST.number;
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compareUnsigned(number, other.number);
    }

    /** The usual text form: {@code !a1b2c3d4}. */
    @Override
    public String toString() {
        return String.format("!%08x", number);
    }
}
