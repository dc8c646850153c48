package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A file is a recording that a node can be made of, or is refused with its name. */
class AnyRecordingTest {
    private static final int TRIES = 300;
    private static final List<String> GOOD = lines("10-text-broadcast");

    private static Path file;

    @BeforeContainer
    static void make() throws IOException {
        file = Files.createTempFile("any", ".jsonl");
    }

    @AfterContainer
    static void remove() throws IOException {
        Files.delete(file);
    }

    private static List<String> lines(String recording) {
        try (InputStream lines = Recording.class.getResourceAsStream("recordings/" + recording + ".jsonl")) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Property(tries = TRIES)
    void any_bytes(@ForAll byte[] bytes) throws IOException {
        Files.write(file, bytes);

        assertThat(isRecording()).isFalse();
    }

    @Property(tries = TRIES)
    void any_damage(@ForAll @Size(min = 1, max = 5) List<Long> wounds) throws IOException {
        List<String> lines = new ArrayList<>(GOOD);
        wounds.forEach(wound -> damage(lines, new Random(wound)));
        Files.write(file, String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));

        if (isRecording()) {
            lives(Recording.read(file));
        }
    }

    private static void damage(List<String> lines, Random random) {
        if (lines.isEmpty()) {
            return;
        }
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(random.nextInt(lines.size()), line);
            case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
            case 3 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
            case 4 -> lines.set(at, line.replaceFirst("[0-9a-f]{2}", String.format("%02x", random.nextInt(256))));
            default -> {
                StringBuilder changed = new StringBuilder(line);
                for (int i = random.nextInt(4); i >= 0 && !line.isEmpty(); i--) {
                    char wrong = random.nextBoolean() ? "0123456789abcdefE-+.\"{}[]".charAt(random.nextInt(24)) : 0xFF;
                    changed.setCharAt(random.nextInt(line.length()), wrong);
                }
                lines.set(at, changed.toString());
            }
        }
    }

    private static boolean isRecording() {
        try {
            Recording.read(file);
            return true;
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
            return false;
        }
    }

    private static void lives(Recording recording) {
        Bench bench = Bench.of(SimulatedNode.builder().recording(recording));
        Bench.Client client = bench.connect();
        client.toleratesRubbish = true;
        client.wantsConfig(77);
        bench.node.replayTraffic();
        bench.host.advance(Duration.ofDays(366));
        assertThat(client.dump()).last().matches(message -> message.getConfigCompleteId() == 77);
    }
}
