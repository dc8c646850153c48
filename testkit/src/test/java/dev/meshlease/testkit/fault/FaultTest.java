package dev.meshlease.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    @Property
    void what_a_fault_says_of_itself_is_that_fault(@ForAll long seed) {
        Fault fault = AnyFault.of(new Random(seed), Integer.MAX_VALUE);

        assertThat(Fault.parse(fault.toString())).isEqualTo(fault);
        assertThat(Fault.parseAll(fault + "+" + fault)).containsExactly(fault, fault);
    }

    @Test
    void text_and_java_say_the_same() {
        assertThat(Fault.drop().to(Receiver.CLIENT).chance(0.1)).hasToString("drop:to=client,chance=0.1");
        assertThat(Fault.parse("reset:at=config_complete,times=1"))
                .isEqualTo(Fault.reset().at(Point.CONFIG_COMPLETE).times(1));
        assertThat(Fault.parse("delay:by=200ms")).isEqualTo(Fault.delay(Duration.ofMillis(200)));
        assertThat(Fault.parse("duel:every=2s")).isEqualTo(Fault.duel(Duration.ofSeconds(2)));
        assertThat(Fault.parse("refuse:for=5s")).isEqualTo(Fault.refuse(Duration.ofSeconds(5)));
        assertThat(Fault.parse("stall-reading:after=3,for=1m,connection=2"))
                .isEqualTo(Fault.stallReading()
                        .after(3)
                        .lasting(Duration.ofMinutes(1))
                        .connection(2));
        assertThat(Fault.parseAll("corrupt + truncate : at = channel , times = 2 +garbage"))
                .containsExactly(
                        Fault.corrupt(), Fault.truncate().at(Point.CHANNEL).times(2), Fault.garbage());
        assertThat(Fault.splitEverywhere()).hasToString("split");
        assertThat(Fault.silence()).hasToString("silence");
        assertThat(Fault.stallWriting()).hasToString("stall-writing");
        assertThat(Fault.close()).hasToString("close");
        assertThat(Fault.reboot()).hasToString("reboot");
        assertThat(Fault.rival()).hasToString("rival");
    }

    private static void refused(ThrowingCallable making, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(making)
                .satisfies(wrong -> assertThat(wrong.getMessage()).contains(words));
    }

    @Test
    void nonsense_is_refused_with_what_to_write_instead() {
        refused(() -> Fault.drop().chance(2), "chance=0.1", "chance=2.0");
        refused(() -> Fault.drop().chance(0), "chance=0.0");
        refused(() -> Fault.drop().chance(Double.NaN), "chance=NaN");
        refused(() -> Fault.drop().times(0), "times=1", "times=0");
        refused(() -> Fault.drop().after(-1), "after=3", "after=-1");
        refused(() -> Fault.drop().connection(0), "connection=1", "connection=0");
        refused(() -> Fault.drop().connection(-1), "connection=-1");
        refused(() -> Fault.delay(Duration.ofMillis(-5)), "by=250ms", "PT-0.005S");
        refused(() -> Fault.delay(Duration.ZERO), "1ms to 24h");
        refused(() -> Fault.delay(Duration.ofNanos(1_500_000)), "whole milliseconds");
        refused(() -> Fault.refuse(Duration.ofHours(25)), "for=250ms", "24h");
        refused(() -> Fault.close().lasting(Duration.ofSeconds(1)), "close takes no time");
        refused(() -> Fault.reset().to(Receiver.CLIENT), "reset has no direction", "to=client");
        refused(() -> Fault.drop().to(Receiver.NODE).at(Point.MY_INFO), "my_info", "to=node");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dropp               | There are drop, delay",
                "''                  | There are drop, delay",
                "drop:at=nowhere     | There are want_config, my_info",
                "drop:to=mars        | There are client, node",
                "drop:foo=1          | What can be said is by=, every=, to=",
                "drop:               | What can be said is",
                "drop:chance=0.1,    | What can be said is",
                "drop:chance         | What can be said is",
                "drop:times=1,times=2| says times= twice",
                "drop:times=many     | as in times=3",
                "drop:chance=often   | as in chance=0.1",
                "drop:connection=0   | connection=1",
                "delay               | write delay:by=2s",
                "duel                | write duel:every=2s",
                "refuse              | write refuse:for=5s",
                "delay:by=3          | 250ms",
                "drop:by=3s          | only a delay has it",
                "delay:every=3s      | only a duel has it",
                "drop++drop          | There are drop",
            })
    void text_that_says_no_fault_is_refused_with_what_to_write_instead(String text, String advice) {
        refused(() -> Fault.parseAll(text), advice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop:chance=2", "close:for=1s"})
    void a_mistake_in_text_names_the_text(String text) {
        refused(() -> Fault.parse(text), "'" + text + "': ");
    }
}
