package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintedLogTest {
    private final PrintedLog log = new PrintedLog();
    private final List<LogRecord> records = new ArrayList<>();

    private void print(byte[] bytes) {
        log.saw(bytes, 0, bytes.length, records::add);
    }

    private void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LogRecord plain(String text) {
        return LogRecord.newBuilder().setMessage(text).build();
    }

    @ParameterizedTest
    @CsvSource({
        "DEBUG | ??:??:?? 2 Filesystem files:, DEBUG, '', Filesystem files:",
        "INFO  | 12:34:56 10 [Router] Received text, INFO, Router, Received text",
        "WARN  | 12:34:56 10 [Power] low, WARNING, Power, low",
        "ERROR | 12:34:56 10 [SX1262] init, ERROR, SX1262, init",
        "CRIT  | 12:34:56 10 out of memory, CRITICAL, '', out of memory",
        "TRACE | 12:34:56 10 [Main] a [b] c, TRACE, Main, a [b] c",
    })
    void knows_the_firmwares_own_lines(String line, LogRecord.Level level, String source, String message) {
        print("\u001b[34m" + line + "\u001b[0m\r\n");
        assertThat(records)
                .containsExactly(LogRecord.newBuilder()
                        .setLevel(level)
                        .setSource(source)
                        .setMessage(message)
                        .build());
    }

    @Test
    void tells_other_lines_as_they_are() {
        print("\r\nESP-ROM:esp32s3-20210327\r\n\n  \nrst:0x1 (POWERON_RESET)\nNOTE  | 12:34:56 10 [X] no level\n");
        assertThat(records)
                .containsExactly(
                        plain("ESP-ROM:esp32s3-20210327"),
                        plain("rst:0x1 (POWERON_RESET)"),
                        plain("NOTE  | 12:34:56 10 [X] no level"));
    }

    @Test
    void a_line_may_come_in_any_pieces_and_is_told_at_its_end() {
        byte[] line = "INFO  | 12:34:56 10 [Router] grüße\n".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < line.length - 1; i++) {
            log.saw(line, i, 1, records::add);
        }
        assertThat(records).isEmpty();
        log.saw(line, line.length - 1, 1, records::add);
        assertThat(records)
                .singleElement()
                .satisfies(it -> assertThat(it.getMessage()).isEqualTo("grüße"));
    }

    @Test
    void bytes_that_are_no_text_are_left_out() {
        print(new byte[] {0, (byte) 0xf8, (byte) 0x94, 'e', 't', 's', 7, ' ', (byte) 0xc3, '\n', (byte) 0xc3, '\n'});
        assertThat(records).containsExactly(plain("ets"));
    }

    @Test
    void a_line_without_an_end_comes_in_pieces() {
        print("x".repeat(1000));
        assertThat(records).containsExactly(plain("x".repeat(384)), plain("x".repeat(384)));
        print("\n");
        assertThat(records).hasSize(3);
    }

    @Test
    void the_pieces_have_whole_characters() {
        String text = "ß€x🙂".repeat(200);
        print(text + "\n");
        assertThat(String.join("", records.stream().map(LogRecord::getMessage).toList()))
                .isEqualTo(text);
    }

    @Property
    void whatever_comes_is_bounded_and_no_error(@ForAll @Size(max = 2000) byte[] bytes) {
        print(bytes);
        assertThat(records)
                .allSatisfy(it -> assertThat(it.getMessage())
                        .isNotBlank()
                        .hasSizeLessThanOrEqualTo(384)
                        .doesNotContain("\n", "\u001b"));
    }
}
