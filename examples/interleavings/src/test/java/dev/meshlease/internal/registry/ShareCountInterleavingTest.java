package dev.meshlease.internal.registry;

import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Holders that come and go while the link is sealed, by its owner or because nobody is left: whatever their threads do in between, the
 * answers are those of some order of one after the other. So nobody joins a link that is closing, and a link in use is not taken for empty.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Param(name = "who", gen = ThreadIdGen.class)
public class ShareCountInterleavingTest {
    private final ShareCount shares = new ShareCount();

    /** How often each thread has joined and not left. */
    private final int[] joined = new int[8];

    @Operation
    public String join(@Param(name = "who") int who) {
        long before = shares.join();
        if (before < 0) {
            return "sealed";
        }
        joined[who]++;
        return before == 0 ? "is the first" : "joins others";
    }

    /** Only who has joined leaves. */
    @Operation
    public String leave(@Param(name = "who") int who) {
        if (joined[who] == 0) {
            return "was not in";
        }
        joined[who]--;
        return shares.leave() ? "was the last" : "others are in";
    }

    @Operation
    public boolean sealIfEmpty() {
        return shares.sealIfEmpty();
    }

    @Operation
    public boolean seal() {
        return shares.seal();
    }

    @Operation
    public boolean isEmpty() {
        return shares.isEmpty();
    }

    @Operation
    public boolean isSealed() {
        return shares.isSealed();
    }

    @Test
    void is_as_if_one_came_after_the_other_in_all_interleavings_tried() {
        Interleavings.modelled(15, 100).check(ShareCountInterleavingTest.class);
    }

    @Test
    void is_as_if_one_came_after_the_other_on_real_threads() {
        Interleavings.stressed(20, 300).check(ShareCountInterleavingTest.class);
    }
}
