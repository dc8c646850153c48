package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Sighting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a {@code /proc} says, looking at it ends well, and what comes of it fits into a log. */
class AnyProcTest {
    @Property(tries = 300)
    void any_bytes_in_any_file_end_in_a_sighting(
            @ForAll byte[] tcp, @ForAll byte[] tcp6, @ForAll("almostLines") String lines) throws IOException {
        Path folder = Files.createTempDirectory("proc");
        try {
            ProcTree proc =
                    new ProcTree(folder).write("net/tcp", concat(tcp, lines)).write("net/tcp6", concat(tcp6, lines));
            Sighting seen = new TcpLookout(
                            List.of(new InetSocketAddress(InetAddress.getByName("10.0.0.7"), 4403)),
                            proc.root,
                            ByteOrder.LITTLE_ENDIAN,
                            ProcTree.OWN_PID,
                            new OwnSockets())
                    .look();
            assertThat(seen)
                    .isInstanceOfSatisfying(
                            Sighting.Seen.class,
                            all -> assertThat(all.strangers()).hasSizeLessThanOrEqualTo(64));
        } finally {
            delete(folder);
        }
    }

    @Property
    void any_command_line_fits_into_a_log(@ForAll byte[] raw) {
        assertFit(CommandLine.of(raw));
    }

    @Property
    void any_words_fit_into_a_log(@ForAll List<String> words) {
        assertFit(CommandLine.of(String.join("\0", words).getBytes(StandardCharsets.UTF_8)));
        assertFit(CommandLine.of(("java\0-cp\0" + String.join("\0", words)).getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertFit(String shown) {
        assertThat(shown).hasSizeLessThanOrEqualTo(120).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]");
    }

    /** Lines whose columns are right, nearly right, or something else. */
    @Provide
    Arbitrary<String> almostLines() {
        Arbitrary<String> column = Arbitraries.of(
                "0:",
                "0700000A:1133",
                "0700000A:FFFFF",
                "0700000A:",
                ":1133",
                "G700000A:1133",
                "-700000A:1133",
                "01",
                "02",
                "-1",
                "0",
                "1000",
                "99999999999999999999",
                "77",
                "0".repeat(32) + ":1133",
                "",
                "\u0000");
        return column.list()
                .ofMinSize(0)
                .ofMaxSize(14)
                .map(columns -> String.join(" ", columns))
                .list()
                .ofMaxSize(20)
                .map(lines -> String.join("\n", lines));
    }

    private static byte[] concat(byte[] bytes, String lines) {
        byte[] more = ("\n" + lines).getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, all, bytes.length, more.length);
        return all;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
