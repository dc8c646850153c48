package dev.meshlease.internal.registry;

import dev.meshlease.spi.LinkKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Links that claim sets of keys which overlap, and give them back: whatever their threads do in between, the answers are those of some
 * order of one after the other. So nobody has half of what he asked for, and nobody is refused in the name of one who never had the key.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Param(name = "keys", gen = IntGen.class, conf = "1:3")
@Param(name = "who", gen = ThreadIdGen.class)
public class ClaimTableInterleavingTest {
    private static final LinkKey A = new LinkKey("test", "a");
    private static final LinkKey B = new LinkKey("test", "b");
    private static final List<Set<LinkKey>> SETS = List.of(Set.of(), Set.of(A), Set.of(B), Set.of(A, B));

    private final ClaimTable claims = new ClaimTable(new ConcurrentHashMap<>());

    @Operation
    public String claim(@Param(name = "who") int who, @Param(name = "keys") int keys) {
        return claims.claim(SETS.get(keys), Map.of("who", who))
                .map(taken -> taken.key() + " is " + taken.by().get("who") + "'s")
                .orElse("granted");
    }

    @Operation
    public void release(@Param(name = "who") int who, @Param(name = "keys") int keys) {
        claims.release(SETS.get(keys), Map.of("who", who));
    }

    @Test
    void is_as_if_one_came_after_the_other_in_all_interleavings_tried() {
        Interleavings.modelled(15, 100).check(ClaimTableInterleavingTest.class);
    }

    @Test
    void is_as_if_one_came_after_the_other_on_real_threads() {
        Interleavings.stressed(20, 300).check(ClaimTableInterleavingTest.class);
    }
}
