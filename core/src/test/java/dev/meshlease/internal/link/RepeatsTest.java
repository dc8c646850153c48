package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private record Key(int sender, int id) {}

    @Property(tries = 50)
    void knows_the_last_ones_and_no_others(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30_000) int packets) {
        Random random = new Random(seed);
        Repeats repeats = new Repeats();
        List<Key> all = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            boolean again = !all.isEmpty() && random.nextInt(4) == 0;
            Key key = again
                    ? all.get(all.size() - 1 - random.nextInt(Math.min(all.size(), Repeats.MOST)))
                    : new Key(random.nextInt(100) - 50, i + 1);
            assertThat(repeats.isRepeat(key.sender(), key.id())).isEqualTo(again);
            all.add(key);
        }
    }

    @Test
    void forgets_what_was_long_ago() {
        Repeats repeats = new Repeats();
        for (int id = 1; id <= 1 + 2 * Repeats.MOST; id++) {
            assertThat(repeats.isRepeat(7, id)).isFalse();
        }

        assertThat(repeats.isRepeat(7, 1)).isFalse();
    }

    @Test
    void no_id_is_never_a_repeat() {
        Repeats repeats = new Repeats();

        assertThat(repeats.isRepeat(7, 0)).isFalse();
        assertThat(repeats.isRepeat(7, 0)).isFalse();
    }
}
