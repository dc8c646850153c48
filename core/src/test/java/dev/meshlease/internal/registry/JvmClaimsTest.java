package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.meshlease.spi.LinkKey;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmClaimsTest {
    private static final LinkKey A = new LinkKey("test", "a");
    private static final LinkKey B = new LinkKey("test", "b");
    private static final LinkKey C = new LinkKey("test", "c");

    private final JvmClaims.Entry mine = entry("mine");
    private final JvmClaims.Entry others = entry("others");

    @AfterEach
    void release() {
        JvmClaims.release(Set.of(A, B, C), mine);
        JvmClaims.release(Set.of(A, B, C), others);
    }

    @Test
    void claims_outlive_properties_that_somebody_replaces() {
        JvmClaims.claim(Set.of(A), mine);
        Properties before = System.getProperties();
        Properties fresh = new Properties();
        before.stringPropertyNames().forEach(name -> fresh.setProperty(name, before.getProperty(name)));
        System.setProperties(fresh);
        try {
            assertThat(JvmClaims.claim(Set.of(A), others)).isPresent();
            assertThat(fresh).containsKey("dev.meshlease.claims");
        } finally {
            System.setProperties(before);
        }
    }

    @Test
    void all_keys_are_granted_or_none() {
        assertThat(JvmClaims.claim(Set.of(B), others)).isEmpty();

        assertThat(JvmClaims.claim(Set.of(A, B, C), mine)).hasValueSatisfying(refusal -> {
            assertThat(refusal.key()).isEqualTo(B);
            assertThat(refusal.endpoint()).isEqualTo("others");
            assertThat(refusal.holder().holders()).containsExactly("holder of others");
        });

        assertThat(JvmClaims.claim(Set.of(A, C), others)).isEmpty();
    }

    @Test
    void who_has_a_key_may_claim_it_again_with_more() {
        assertThat(JvmClaims.claim(Set.of(A), mine)).isEmpty();
        assertThat(JvmClaims.claim(Set.of(A, B), mine)).isEmpty();

        assertThat(JvmClaims.claim(Set.of(B), others)).isPresent();
    }

    @Test
    void a_refused_claim_takes_nothing_away_from_what_was_held_before() {
        JvmClaims.claim(Set.of(A), mine);
        JvmClaims.claim(Set.of(B), others);

        assertThat(JvmClaims.claim(Set.of(A, B), mine)).isPresent();

        assertThat(JvmClaims.claim(Set.of(A), others)).isPresent();
    }

    @Test
    void an_alias_that_has_become_an_address_of_ones_own_is_not_forgotten_with_the_others() {
        JvmClaims.claim(Set.of(A), mine);
        JvmClaims.claim(Set.of(B, C), others);
        JvmClaims.handOver(Set.of(B, C), others, mine, A);
        assertThat(JvmClaims.claim(Set.of(B), others))
                .hasValueSatisfying(refusal -> assertThat(refusal.byAlias()).isTrue());
        assertThat(JvmClaims.claim(Set.of(A, B), mine)).isEmpty();

        JvmClaims.forgetAliases(mine);

        assertThat(JvmClaims.claim(Set.of(C), others)).isEmpty();
        assertThat(JvmClaims.claim(Set.of(B), others))
                .hasValueSatisfying(refusal -> assertThat(refusal.byAlias()).isFalse());
    }

    @Test
    void who_cannot_be_told_that_it_was_displaced_harms_nobody() {
        JvmClaims.Entry deaf = JvmClaims.Entry.of(
                "deaf",
                Instant.EPOCH,
                List::of,
                new Throwable("opened here"),
                (by, since) -> {
                    throw new NoClassDefFoundError("of a class loader that is closed");
                },
                List::of);
        JvmClaims.claim(Set.of(A), deaf);
        try {
            JvmClaims.Refusal refusal = JvmClaims.claim(Set.of(A), mine).orElseThrow();
            assertThatCode(() -> refusal.displaced("mine", Instant.EPOCH)).doesNotThrowAnyException();
        } finally {
            JvmClaims.releaseAll(deaf);
        }
    }

    @Test
    void only_the_holder_can_give_a_key_back() {
        JvmClaims.claim(Set.of(A), mine);
        JvmClaims.release(Set.of(A), others);
        assertThat(JvmClaims.claim(Set.of(A), others)).isPresent();

        JvmClaims.release(Set.of(A), mine);

        assertThat(JvmClaims.claim(Set.of(A), others)).isEmpty();
    }

    private static JvmClaims.Entry entry(String endpoint) {
        return JvmClaims.Entry.of(
                endpoint,
                Instant.EPOCH,
                () -> List.of("holder of " + endpoint),
                new Throwable("opened by the test"),
                (by, since) -> {},
                List::of);
    }
}
