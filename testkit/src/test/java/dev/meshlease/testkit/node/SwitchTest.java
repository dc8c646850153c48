package dev.meshlease.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How nodes are told apart by words. */
class SwitchTest {
    @Test
    void each_switch_is_found_by_its_name() {
        assertThat(Switch.all()).contains(Switch.IDLE_POLL).hasSizeGreaterThan(30);
        assertThat(Switch.all())
                .allSatisfy(
                        each -> assertThat((Object) Switch.named(each.name())).isSameAs(each));
        assertThatThrownBy(() -> Switch.named("idle-pol"))
                .hasMessageContaining("'idle-pol'")
                .hasMessageContaining("idle-poll");
    }

    @Test
    void values_are_read_as_people_write_them() {
        assertThat(Switch.IDLE_POLL.parse("5ms")).isEqualTo(Duration.ofMillis(5));
        assertThat(Switch.IDLE_TIMEOUT.parse("0")).isZero();
        assertThat(Switch.IDLE_TIMEOUT.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Switch.PHONE_QUEUE.parse("8")).isEqualTo(8);
        assertThat(Switch.RESYNC.parse("on")).isTrue();
        assertThat(Switch.NEWCOMER.parse("takes-over-late")).isEqualTo(Newcomer.TAKES_OVER_LATE);
    }

    @ParameterizedTest
    @CsvSource({
        "idle-poll, 0",
        "idle-poll, 5",
        "idle-timeout, -1s",
        "phone-queue, 0",
        "phone-queue, many",
        "resync, maybe",
        "newcomer, wins",
        "idle-timeout, 9999999999h",
        "idle-timeout, 8761h",
        "module-configs, 101"
    })
    void what_is_no_value_is_refused_with_what_would_be(String name, String value) {
        assertThatThrownBy(() -> Switch.named(name).parse(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + value + "' is no value of " + name);
    }

    @Test
    void a_value_out_of_range_is_refused_wherever_it_comes_from() {
        assertThatThrownBy(() -> Behaviour.usual().with(Switch.BACKLOG, 0)).hasMessageContaining("backlog");
        assertThatThrownBy(() -> Behaviour.of(Map.of(Switch.BACKLOG, "4"))).hasMessageContaining("backlog");
    }

    /** Their products with the number of slots and hops must fit into the nanoseconds of a clock. */
    @Test
    void times_are_from_a_millisecond_to_a_year() {
        assertThat(Switch.IDLE_TIMEOUT.parse("8760h")).isEqualTo(Duration.ofDays(365));
        assertThatThrownBy(() -> Behaviour.usual().with(Switch.IDLE_TIMEOUT, Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("0 to 8760h");
        assertThatThrownBy(() -> Behaviour.usual().with(Switch.ACTIVE_POLL, Duration.ZERO))
                .hasMessageContaining("1ms to 8760h");
    }

    @Test
    void a_builder_outranks_the_variant_and_that_the_firmware() {
        Behaviour daemon = Variant.nativeDaemon().behaviour(FirmwareProfile.V2_6);

        assertThat(daemon.get(Switch.PHONE_QUEUE)).isEqualTo(100);
        assertThat(daemon.get(Switch.MODULE_CONFIGS)).isEqualTo(13);
        assertThat(daemon.get(Switch.ACCEPT_POLL)).isEqualTo(Switch.ACCEPT_POLL.usual());
        assertThat(daemon.with(Switch.PHONE_QUEUE, 1).get(Switch.PHONE_QUEUE)).isEqualTo(1);
    }

    @Test
    void variants_are_found_by_name() {
        assertThat(Variant.all())
                .allSatisfy(each -> assertThat(Variant.named(each.name())).isEqualTo(each));
        assertThatThrownBy(() -> Variant.named("esp32")).hasMessageContaining("esp32-wifi");
    }

    @ParameterizedTest
    @EnumSource
    void profiles_are_found_by_label_and_version(FirmwareProfile profile) {
        assertThat(FirmwareProfile.parse(profile.label())).isEqualTo(profile);
        assertThat(FirmwareProfile.parse(profile.version())).isEqualTo(profile);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2.9", "2.7.2", "newest"})
    void other_firmware_is_unknown(String text) {
        assertThatThrownBy(() -> FirmwareProfile.parse(text)).hasMessageContaining("2.6, 2.7.26, 2.8");
    }
}
