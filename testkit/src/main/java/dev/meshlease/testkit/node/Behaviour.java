package dev.meshlease.testkit.node;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a node behaves: a value for each {@link Switch}, the usual one where nothing else was said.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Behaviour {
    private static final Behaviour USUAL = new Behaviour(Map.of());

    private final Map<Switch<?>, Object> set;

    private Behaviour(Map<Switch<?>, Object> set) {
        this.set = set;
    }

    /** All switches at their usual values. */
    public static Behaviour usual() {
        return USUAL;
    }

    /**
     * Some switches at other values.
     *
     * @throws IllegalArgumentException if a value is not one of its switch
     */
    public static Behaviour of(Map<Switch<?>, ?> values) {
        Map<Switch<?>, Object> checked = new TreeMap<>();
        values.forEach((point, value) -> checked.put(point, point.check(value)));
        return new Behaviour(checked);
    }

    /** The value of a switch. */
    public <T> T get(Switch<T> point) {
        Object value = set.get(point);
        return value == null ? point.usual() : point.type().cast(value);
    }

    /**
     * The same but for one switch.
     *
     * @throws IllegalArgumentException if the value is not one of the switch
     */
    public <T> Behaviour with(Switch<T> point, T value) {
        return with(of(Map.of(point, value)));
    }

    /** The same but for what another behaviour has set. */
    public Behaviour with(Behaviour other) {
        Map<Switch<?>, Object> both = new TreeMap<>(set);
        both.putAll(other.set);
        return new Behaviour(both);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Behaviour that && set.equals(that.set);
    }

    @Override
    public int hashCode() {
        return set.hashCode();
    }

    /** What is not as usual, like {@code idle-poll=PT0.005S, phone-queue=8}. */
    @Override
    public String toString() {
        return set.entrySet().stream()
                .map(entry -> entry.getKey().name() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
