package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.EndpointException;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Words from a command line mean something, or are refused as an illegal argument. */
class AnyWordsTest {
    private static final int TRIES = 500;

    /** Anything, and more often what is nearly right. */
    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> near =
                Arbitraries.strings().withChars("0123456789.-_:/smh onfxe!,=").ofMaxLength(12);
        Arbitrary<String> large = Arbitraries.longs().map(String::valueOf);
        Arbitrary<String> spans = Arbitraries.integers()
                .between(0, 999_999_999)
                .flatMap(count -> Arbitraries.of("ms", "s", "m", "h").map(unit -> count + unit));
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(20), near, large, spans);
    }

    @Property(tries = TRIES)
    void values_of_switches(@ForAll("words") String word) {
        for (Switch<?> each : Switch.all()) {
            sets(each, word);
        }
    }

    private static <T> void sets(Switch<T> point, String word) {
        T value = valueOrNull(() -> point.parse(word));
        if (value != null) {
            assertThat(Behaviour.usual().with(point, value).get(point)).isEqualTo(value);
        }
    }

    @Property(tries = TRIES)
    void names(@ForAll("words") String word) {
        List<Supplier<Object>> readers = List.of(
                () -> Switch.named(word),
                () -> Variant.named(word),
                () -> FirmwareProfile.parse(word),
                () -> Fault.parseAll(word),
                () -> Endpoint.of("sim://" + word),
                () -> VirtualEnvironment.create(1).transport().check(word));
        readers.forEach(AnyWordsTest::valueOrNull);
    }

    @Property(tries = TRIES)
    void times_that_a_switch_takes_make_a_node_that_starts(@ForAll("words") String word) {
        for (Switch<?> each : Switch.all()) {
            if (each.type() == Duration.class) {
                starts(each, word);
            }
        }
    }

    private static <T> void starts(Switch<T> point, String word) {
        T value = valueOrNull(() -> point.parse(word));
        if (value != null) {
            Bench bench = Bench.asGiven(SimulatedNode.builder().with(point, value));
            bench.connect().wantsConfig(77);
            bench.host.advance(Duration.ofSeconds(1));
            bench.node.close();
        }
    }

    private static <T> T valueOrNull(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | EndpointException refused) {
            assertThat(refused).hasMessageContaining("'");
            return null;
        }
    }
}
