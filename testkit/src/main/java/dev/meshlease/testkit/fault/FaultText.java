package dev.meshlease.testkit.fault;

import dev.meshlease.testkit.internal.text.Spans;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Faults as people write them. */
final class FaultText {
    private static final List<String> KEYS =
            List.of("by", "every", "to", "at", "after", "chance", "times", "for", "connection");

    private FaultText() {}

    static List<Fault> parseAll(String text) {
        return Arrays.stream(text.split("\\+", -1)).map(FaultText::parse).toList();
    }

    static Fault parse(String text) {
        int colon = text.indexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        Map<String, String> said = colon < 0 ? Map.of() : pairs(text, text.substring(colon + 1));
        FaultKind kind = choice("a fault", FaultKind.values(), name);
        try {
            return new Fault(
                    kind,
                    measure(kind, said),
                    value(said, "to", to -> choice("a receiver", Receiver.values(), to)),
                    value(said, "at", at -> choice("a point", Point.values(), at)),
                    count(said, "after", 0),
                    chance(said),
                    count(said, "times", Fault.ALWAYS),
                    value(said, "for", Spans::parse),
                    connection(said));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("'" + text + "': " + wrong.getMessage(), wrong);
        }
    }

    private static Map<String, String> pairs(String text, String conditions) {
        Map<String, String> said = new LinkedHashMap<>();
        for (String pair : conditions.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals).strip();
            if (equals < 0 || !KEYS.contains(key)) {
                throw new IllegalArgumentException("'" + text + "': '" + pair.strip()
                        + "' says nothing. What can be said is " + String.join("=, ", KEYS) + "=, separated by commas");
            }
            if (said.put(key, pair.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException("'" + text + "' says " + key + "= twice");
            }
        }
        return said;
    }

    private static @Nullable Duration measure(FaultKind kind, Map<String, String> said) {
        String own = kind.measure();
        for (String other : List.of("by", "every")) {
            if (!other.equals(own) && said.containsKey(other)) {
                throw new IllegalArgumentException(
                        "leave " + other + "= out; only a " + (other.equals("by") ? "delay" : "duel") + " has it");
            }
        }
        return value(said, own, Spans::parse);
    }

    private static <T> @Nullable T value(Map<String, String> said, String key, Function<String, T> reading) {
        String value = said.get(key);
        return value == null ? null : reading.apply(value);
    }

    private static int connection(Map<String, String> said) {
        int number = count(said, "connection", 0);
        if (number == 0 && said.containsKey("connection")) {
            throw FaultRules.wrongConnection(number);
        }
        return number;
    }

    private static int count(Map<String, String> said, String key, int otherwise) {
        String value = said.get(key);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("write a whole number, as in " + key + "=3, not " + value, malformed);
        }
    }

    private static double chance(Map<String, String> said) {
        String value = said.get("chance");
        try {
            return value == null ? 1 : Double.parseDouble(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("write a number, as in chance=0.1, not " + value, malformed);
        }
    }

    private static <E extends Enum<E>> E choice(String what, E[] values, String text) {
        return Arrays.stream(values)
                .filter(value -> spell(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not " + what + ". There are "
                        + Arrays.stream(values).map(FaultText::spell).collect(Collectors.joining(", "))));
    }

    /** Kinds as switches are spelled, points as on the wire. */
    static String spell(Enum<?> value) {
        String name = value.name().toLowerCase(Locale.ROOT);
        return value instanceof FaultKind ? name.replace('_', '-') : name;
    }

    static String format(Fault fault) {
        StringJoiner said = new StringJoiner(",", spell(fault.kind()) + ":", "").setEmptyValue(spell(fault.kind()));
        if (fault.span() != null) {
            said.add(fault.kind().measure() + "=" + Spans.format(fault.span()));
        }
        if (fault.to() != null) {
            said.add("to=" + spell(fault.to()));
        }
        if (fault.at() != null) {
            said.add("at=" + spell(fault.at()));
        }
        if (fault.after() > 0) {
            said.add("after=" + fault.after());
        }
        if (fault.chance() < 1) {
            said.add("chance=" + fault.chance());
        }
        if (fault.times() < Fault.ALWAYS) {
            said.add("times=" + fault.times());
        }
        if (fault.lasting() != null) {
            said.add("for=" + Spans.format(fault.lasting()));
        }
        if (fault.connection() > 0) {
            said.add("connection=" + fault.connection());
        }
        return said.toString();
    }
}
