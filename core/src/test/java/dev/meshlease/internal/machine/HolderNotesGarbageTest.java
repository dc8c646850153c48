package dev.meshlease.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.ClaimHolder;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class HolderNotesGarbageTest {
    @Property
    void whatever_a_note_says_it_is_bounded_and_fit_for_a_terminal(@ForAll String text) {
        HolderNotes.parse(text);
        Optional<ClaimHolder> read =
                HolderNotes.parse("meshlease claim 1\npid: 7\nprogram: " + text + "\nholder: " + text);
        read.ifPresent(holder -> {
            assertThat(holder.program()).hasSizeLessThanOrEqualTo(120).doesNotContainPattern("\\p{Cntrl}");
            assertThat(holder.holders()).allSatisfy(each -> assertThat(each).doesNotContainPattern("\\p{Cntrl}"));
        });
    }
}
