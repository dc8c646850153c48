package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PacketIdPoolTest {
    @Property(tries = 20)
    void ids_are_never_zero_and_never_come_twice(@ForAll int seed) {
        PacketIdPool ids = new PacketIdPool(seed);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            int id = ids.reserve();
            assertThat(id).isNotZero();
            assertThat(seen.add(id)).isTrue();
            ids.release(id);
        }
    }

    @Test
    void an_id_of_the_callers_own_is_taken_once_until_nodes_have_forgotten_it() {
        PacketIdPool ids = new PacketIdPool(1);

        assertThat(ids.reserve(42)).isTrue();
        assertThat(ids.reserve(42)).isFalse();
        ids.written(42);
        ids.release(42);
        for (int i = 0; i < 20; i++) {
            assertThat(ids.reserve(42)).isFalse();
            int other = ids.reserve();
            ids.written(other);
            ids.release(other);
        }
        assertThat(ids.reserve(42)).isTrue();
    }

    @Test
    void one_that_is_written_again_is_the_newest_again() {
        PacketIdPool ids = new PacketIdPool(1);
        ids.reserve(42);
        ids.written(42);
        for (int i = 0; i < 19; i++) {
            ids.written(ids.reserve());
        }
        ids.written(42);
        ids.release(42);
        ids.written(ids.reserve());
        assertThat(ids.reserve(42)).isFalse();
    }

    @Test
    void what_was_never_written_makes_nodes_forget_nothing_and_is_free_at_once() {
        PacketIdPool ids = new PacketIdPool(1);
        ids.reserve(42);
        ids.written(42);
        ids.release(42);
        for (int i = 0; i < 90; i++) {
            int unwritten = ids.reserve();
            ids.release(unwritten);
            assertThat(ids.reserve(unwritten)).isTrue();
        }
        assertThat(ids.reserve(42)).isFalse();
    }

    @Test
    void the_librarys_own_ids_go_round_those_of_the_callers() {
        int next = new PacketIdPool(7).reserve();
        PacketIdPool ids = new PacketIdPool(7);
        ids.reserve(next);

        assertThat(ids.reserve()).isNotZero().isNotEqualTo(next);
    }
}
