package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NodeFramingTest {
    private static List<String> payloads(String hex) {
        NodeFraming framing = new NodeFraming();
        List<String> payloads = new ArrayList<>();
        for (byte next : HexFormat.of().parseHex(hex.replace(" ", ""))) {
            byte[] payload = framing.take(next);
            if (payload != null) {
                payloads.add(HexFormat.of().formatHex(payload));
            }
        }
        return payloads;
    }

    @Property(tries = 200)
    void what_is_framed_comes_out_again(@ForAll @Size(max = 5) List<@Size(max = 512) byte[]> messages) {
        StringBuilder stream = new StringBuilder();
        messages.forEach(message -> stream.append(HexFormat.of().formatHex(NodeFraming.frame(message))));

        assertThat(payloads(stream.toString()))
                .isEqualTo(messages.stream().map(HexFormat.of()::formatHex).toList());
    }

    @Test
    void rubbish_and_wake_bytes_are_skipped() {
        assertThat(payloads("c3c3c3 0d0a 9400 94c3 0001 aa")).containsExactly("aa");
    }

    @Test
    void a_stray_first_byte_costs_the_frame_behind_it_but_not_the_next() {
        assertThat(payloads("94 94c30001aa 94c30001bb")).containsExactly("bb");
    }

    @Test
    void a_length_above_512_is_dropped_with_its_header() {
        assertThat(payloads("94c30201 94c30001aa")).containsExactly("aa");
    }

    @Test
    void a_truncated_frame_eats_what_follows() {
        assertThat(payloads("94c30006aa 94c30001bb 94c30001cc")).containsExactly("aa94c30001bb", "cc");
    }

    @Test
    void an_empty_frame_is_a_frame() {
        assertThat(payloads("94c30000")).containsExactly("");
    }

    @Test
    void more_than_512_bytes_cannot_be_framed() {
        assertThatThrownBy(() -> NodeFraming.frame(new byte[513])).isInstanceOf(IllegalArgumentException.class);
    }
}
