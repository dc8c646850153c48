package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares();

    @Test
    void only_the_first_one_in_finds_nobody() {
        assertThat(shares.join()).isZero();
        assertThat(shares.join()).isEqualTo(1);
    }

    @Test
    void a_link_in_use_is_not_sealed_by_its_linger() {
        shares.join();

        assertThat(shares.sealIfEmpty()).isFalse();
        assertThat(shares.isSealed()).isFalse();
    }

    @Test
    void a_sealed_link_takes_nobody_in() {
        assertThat(shares.sealIfEmpty()).isTrue();

        assertThat(shares.join()).isNegative();
        assertThat(shares.join()).isNegative();
        assertThat(shares.isSealed()).isTrue();
    }

    @Test
    void an_owner_can_seal_a_link_in_use_once() {
        shares.join();

        assertThat(shares.seal()).isTrue();
        assertThat(shares.seal()).isFalse();
        assertThat(shares.join()).isNegative();
    }
}
