package dev.meshlease.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void a_cost_is_met_up_to_its_limit() {
        Target target = Target.atMost(1.25);

        assertThat(target.isMetBy(0.01)).isTrue();
        assertThat(target.isMetBy(1.25)).isTrue();
        assertThat(target.isMetBy(1.2500001)).isFalse();
    }

    @Test
    void a_rate_is_met_from_its_limit_on() {
        Target target = Target.atLeast(6);

        assertThat(target.isMetBy(100)).isTrue();
        assertThat(target.isMetBy(6)).isTrue();
        assertThat(target.isMetBy(5.999)).isFalse();
    }

    @Test
    void is_written_as_short_as_it_can_be() {
        assertThat(Target.atMost(1.25)).hasToString("<=1.25");
        assertThat(Target.atMost(5)).hasToString("<=5");
        assertThat(Target.atMost(20)).hasToString("<=20");
        assertThat(Target.atMost(0)).hasToString("<=0");
        assertThat(Target.atLeast(0.4)).hasToString(">=0.4");
    }
}
