package dev.meshlease.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.testkit.PseudoTerminal;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.FaultKind;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String line) {
        return Main.run(
                List.of(line.split(" ")),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                CompletableFuture.completedFuture("enough"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--nope | '--nope' is no option here, even where meshtasticd has it; --help lists them",
                "-p | -p needs a value; --help shows examples",
                "--record --seed=4 | --record needs a value; --help shows examples",
                "-d -e | -d needs a value; --help shows examples",
                "-d -p4403 | -d needs a value; --help shows examples",
                "-p1 -p 2 | -p was given twice",
                "-px | -p takes a port from 1 to 65535, or 0 for a free one, not 'x'",
                "-h3 | -h: it takes the node's number, like 305419896 or 0x12345678, not '3'",
                "-sp1 | '-sp1' is no option here, even where meshtasticd has it; --help lists them",
                "--nodes= | --nodes needs a value; --help shows examples",
                "-s=1 | '-s=1' is no option here, even where meshtasticd has it; --help lists them",
                "-c x | '-c' is no option here, even where meshtasticd has it; --help lists them",
                "-p 1 -p 2 | -p was given twice",
                "-p 65536 | -p takes a port from 1 to 65535, or 0 for a free one, not '65536'",
                "-p x | -p takes a port from 1 to 65535, or 0 for a free one, not 'x'",
                "-h 3 | -h: it takes the node's number, like 305419896 or 0x12345678, not '3'",
                "-h 0xffffffff | -h: it takes the node's number, like 305419896 or 0x12345678, not '0xffffffff'",
                "-h 0xfffffffff | -h: it takes the node's number, like 305419896 or 0x12345678, not '0xfffffffff'",
                "-h abc | -h: it takes the node's number, like 305419896 or 0x12345678, not 'abc'",
                "--nodes 251 | --nodes: it takes a number from 0 to 250, not '251'",
                "--traffic 2/s | --traffic needs somebody to talk: give --nodes 1 or more",
                "--nodes 0 --traffic 2/s | --traffic needs somebody to talk: give --nodes 1 or more",
                "--nodes 1 --traffic 2 | --traffic: '2' is no rate; it takes 2/s, 30/min or 100/h, and at most 100 a second",
                "--nodes 1 --traffic 101/s | --traffic: '101/s' is no rate; it takes 2/s, 30/min or 100/h, and at most 100 a second",
                "--nodes 1 --traffic 0/h | --traffic: '0/h' is no rate; it takes 2/s, 30/min or 100/h, and at most 100 a second",
                "--set idle-poll | --set takes SWITCH=VALUE, like --set idle-poll=100ms, not 'idle-poll'",
                "--set idle-poll=0 | --set: '0' is no value of idle-poll; it takes a time from 1ms to 8760h, like 250ms, 2s or 15m",
                "--seed x | --seed: it takes a whole number, like the one in the first line of a run, not 'x'",
                "--fault drop:by=1s | --fault: 'drop:by=1s': leave by= out; only a delay has it",
                "--replay x -h 5 | --replay says who the node is and what it hears: leave out -h",
            })
    void what_cannot_be_followed_is_told_in_one_line(String line, String message) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("simulated-node: " + message);
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"--variant x", "--firmware 9", "--set x=1", "--listen ::zz", "--fault x"})
    void what_does_not_exist_is_named_with_its_option(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("simulated-node: " + line.split(" ")[0] + ": ");
    }

    @Test
    void files_that_cannot_be_read_or_written_are_named() {
        assertThat(run("-p 0 --record /no/such/folder/x")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("simulated-node: No recording can be written to /no/such/folder/x: ");
        err.reset();
        assertThat(run("--replay /no/such/file")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("simulated-node: Cannot read the recording /no/such/file: ");
    }

    @Test
    void what_is_at_the_serial_path_is_left_alone_and_named(@TempDir Path folder) throws IOException {
        assumeThat(PseudoTerminal.isAvailable()).isTrue();
        Path file = Files.writeString(folder.resolve("port"), "somebody's");
        assertThat(run("--serial " + file)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("simulated-node: --serial: " + file + ": there is something already");
        assertThat(file).hasContent("somebody's");
    }

    private static Path recording(Path file, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "{\"scenario\":\"test\"}",
                "{\"t\":0,\"conn\":\"A\",\"ev\":\"rx\",\"hex\":\"94c300041a02080794c300023801\"}"));
        lines.addAll(List.of(more));
        return Files.write(file, lines);
    }

    @Test
    void a_recording_that_is_replayed_is_not_written_over(@TempDir Path folder) throws Exception {
        Path file = recording(folder.resolve("talk.jsonl"));
        byte[] before = Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), file);
        for (Path other : List.of(file, folder.resolve("./talk.jsonl"), link)) {
            err.reset();
            assertThat(run("-p 0 --replay " + file + " --record " + other)).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines(
                            "simulated-node: --record would write over what --replay reads: name another file");
        }
        assertThat(file).hasBinaryContent(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "{\"t\":0, | no JSON object, of which a recording has one in each line",
                "[] | no JSON object, of which a recording has one in each line",
                "{\"t\":0,\"conn\":\"A\",\"ev\":\"rx\",\"hex\":\"9\"} | 'hex' is not bytes of two hexadecimal digits each"
            })
    void what_is_wrong_with_a_recording_is_told_with_its_line(String line, String message, @TempDir Path folder)
            throws Exception {
        Path file = recording(folder.resolve("talk.jsonl"), line);
        assertThat(run("-p 0 --replay " + file)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("simulated-node: --replay: " + file + ", line 3: " + message);
    }

    @Test
    void traffic_needs_somebody_whom_the_kept_state_knows(@TempDir Path folder) {
        assertThat(run("-p 0 -d " + folder)).isZero();
        out.reset();
        assertThat(run("-p 0 -d " + folder + " --nodes 2 --traffic 100/s")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("simulated-node: --traffic needs somebody to talk, and the state in -d knows of nobody: ");
        assertThat(out.size()).isZero();

        assertThat(run("-p 0 -d " + folder + " --nodes 2 -e")).isZero();
        assertThat(run("-p 0 -d " + folder + " --traffic 100/s"))
                .as("it knows them still")
                .isZero();
    }

    @Test
    void a_node_that_cannot_practise_goes_on() {
        Main.practise(new Journal(new PrintStream(out, true, StandardCharsets.UTF_8)), () -> {
            throw new IllegalStateException("no room");
        });
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("its first answers will be slow: no room\n");
    }

    @Test
    void a_node_practises_until_a_client_comes() {
        assertThat(WarmUp.run(new CompletableFuture<>())).isPositive();
        assertThat(WarmUp.run(CompletableFuture.completedFuture("A"))).isZero();
    }

    @Test
    void the_help_names_all_there_is() {
        assertThat(run("--help --nodes 5")).isZero();
        String help = out.toString(StandardCharsets.UTF_8);
        assertThat(Options.names()).allSatisfy(name -> assertThat(help).contains("\n  " + name));
        assertThat(Variant.all()).allSatisfy(variant -> assertThat(help).contains(variant.name(), variant.about()));
        assertThat(FirmwareProfile.values())
                .allSatisfy(firmware -> assertThat(help).contains(firmware.label()));
        assertThat(Switch.all()).allSatisfy(point -> assertThat(help).contains("  " + point.name() + " "));
        assertThat(FaultKind.values())
                .allSatisfy(kind -> assertThat(help)
                        .contains(Fault.parse(valid(kind)).toString().split(":")[0]));
        assertThat(Point.values())
                .allSatisfy(point -> assertThat(help).contains(point.name().toLowerCase(Locale.ROOT)));
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(130));
    }

    private static String valid(FaultKind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (kind) {
            case DELAY -> name + ":by=1s";
            case DUEL -> name + ":every=1s";
            case REFUSE -> name + ":for=1s";
            default -> name;
        };
    }

    @Test
    void a_node_says_where_it_is_with_which_seed_and_why_it_ends() {
        assertThat(run("-p 0 -h 0x12345678 --seed -7")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceFirst("^\\S+Z ", "")))
                .satisfiesExactly(
                        first ->
                                assertThat(first).matches("!12345678 listens at tcp://127\\.0\\.0\\.1:[0-9]+, seed -7"),
                        last -> assertThat(last).isEqualTo("enough"));
        assertThat(err.size()).isZero();
    }

    @Test
    void faults_may_be_repeated_and_joined() {
        Order order = Order.of(Options.parse(
                List.of("-p", "0", "--fault", "refuse:for=1h", "--fault", "drop:to=client,chance=0.5+garbage")));
        try (var node = order.node().start()) {
            assertThat(node.faults().strikes()).as("refuse strikes at once").isEqualTo(1);
        }
    }

    @Test
    void numbers_are_decimal_or_hexadecimal() {
        for (String number : List.of("305419896", "0x12345678", "!12345678", "0305419896")) {
            Order order = Order.of(Options.parse(List.of("-s", "-e", "-h", number, "-p", "0")));
            try (var node = order.node().start()) {
                assertThat(node.id()).hasToString("!12345678");
            }
        }
    }

    @Test
    void rates_are_times_between() {
        assertThat(Rate.parse("2/s").between()).isEqualTo(Duration.ofMillis(500));
        assertThat(Rate.parse("30/min").between()).isEqualTo(Duration.ofSeconds(2));
        assertThat(Rate.parse("100/h").between()).isEqualTo(Duration.ofSeconds(36));
    }

    @Test
    void values_may_stand_behind_an_equals_sign() {
        Options options = Options.parse(List.of("--nodes=3", "--set=idle-poll=1s", "--set", "resync=on"));
        assertThat(options.value("--nodes")).contains("3");
        assertThat(options.values("--set")).containsExactly("idle-poll=1s", "resync=on");
    }

    @Test
    void values_may_stand_in_the_word_of_a_short_option_as_for_the_daemon() {
        Options options = Options.parse(List.of("-s", "-p4403", "-h305419896", "-d/var/lib/node"));
        assertThat(options.value("-p")).contains("4403");
        assertThat(options.value("-h")).contains("305419896");
        assertThat(options.value("-d")).contains("/var/lib/node");
        assertThat(options.has("-s")).isTrue();
    }
}
