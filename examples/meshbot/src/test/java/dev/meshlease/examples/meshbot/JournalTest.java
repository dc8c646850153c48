package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JournalTest {
    @Test
    void keeps_a_text_from_the_mesh_on_its_line_and_away_from_the_terminal() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        new Journal(new PrintStream(bytes, true, StandardCharsets.UTF_8)).say("echo", "a\nb\u001b[2Jc");

        assertThat(bytes.toString(StandardCharsets.UTF_8).strip()).matches("\\d+\\.\\d{3} s  echo        a b \\[2Jc");
    }
}
