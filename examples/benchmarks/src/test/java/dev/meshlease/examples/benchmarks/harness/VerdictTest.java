package dev.meshlease.examples.benchmarks.harness;

import static dev.meshlease.examples.benchmarks.harness.Verdict.FAIL;
import static dev.meshlease.examples.benchmarks.harness.Verdict.INCONCLUSIVE;
import static dev.meshlease.examples.benchmarks.harness.Verdict.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void of_two_the_graver_counts() {
        assertThat(PASS.and(PASS)).isEqualTo(PASS);
        assertThat(PASS.and(INCONCLUSIVE)).isEqualTo(INCONCLUSIVE);
        assertThat(INCONCLUSIVE.and(PASS)).isEqualTo(INCONCLUSIVE);
        assertThat(INCONCLUSIVE.and(FAIL)).isEqualTo(FAIL);
        assertThat(FAIL.and(INCONCLUSIVE)).isEqualTo(FAIL);
    }

    @Test
    void tells_the_shell() {
        assertThat(PASS.status()).isZero();
        assertThat(FAIL.status()).isEqualTo(1);
        assertThat(INCONCLUSIVE.status()).isEqualTo(2);
    }
}
