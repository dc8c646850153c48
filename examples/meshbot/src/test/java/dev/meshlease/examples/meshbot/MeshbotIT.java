package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshbotIT {
    private static final String NO_PACKETS = " 0 of ";

    @TempDir
    Path directory;

    private Meshbot run(String... words) throws InterruptedException {
        return Meshbot.run(directory, words);
    }

    @Test
    void four_components_share_one_connection_and_a_fifth_is_refused() throws InterruptedException {
        Meshbot bot = run("--seconds", "5").succeeded();

        assertThat(bot.out())
                .contains("first packet in the hands of all 4 components")
                .containsPattern(
                        "echo +!\\w{8} says '/echo hello !\\w{8}': replied 'hello !\\w{8}', ACCEPTED by the node")
                .containsPattern("node-query +position of !\\w{8}: 47\\.")
                .containsPattern("sender +text 1 to everybody: QUEUED > WRITTEN > .*ACKNOWLEDGED")
                .containsPattern("monitor +tcp://127.0.0.1:\\d+ READY")
                .containsPattern(
                        "DuplicateLinkException: tcp://localhost:\\d+ is already linked as tcp://127.0.0.1:\\d+")
                .contains("held by: echo, node-query, sender, monitor")
                .contains("process: ")
                .contains("Caused by: ")
                .contains("at dev.meshlease.examples.meshbot.FifthComponent.open(")
                .contains("at dev.meshlease.examples.meshbot.EchoCommand.<init>(")
                .contains("physical connections the node saw: 1\n")
                .containsPattern("summary +echo +(\\d+) of \\1 packets; replied to [1-9]\\d* commands")
                .containsPattern("summary +node-query +(\\d+) of \\1 packets; asked \\d+ questions, [1-9]\\d* answered")
                .containsPattern("summary +sender +(\\d+) of \\1 packets; sent \\d+ texts, [1-9]\\d* acknowledged")
                .containsPattern("summary +monitor +(\\d+) of \\1 packets; counted [1-9]\\d* packets on")
                .contains("a fifth component's own connection: refused")
                .doesNotContain(NO_PACKETS);
    }

    @Test
    void naive_components_kick_each_other_out_and_lose_packets() throws InterruptedException {
        Meshbot bot = run("--naive", "--seconds", "6").succeeded();

        assertThat(bot.out())
                .containsPattern("summary +echo +\\d+ of [1-9]\\d* packets, lost [1-9]\\d*; kicked [1-9]\\d* times")
                .containsPattern(
                        "summary +node-query +\\d+ of [1-9]\\d* packets, lost [1-9]\\d*; kicked [1-9]\\d* times")
                .containsPattern("summary +sender +\\d+ of [1-9]\\d* packets, lost [1-9]\\d*; kicked [1-9]\\d* times")
                .containsPattern("summary +monitor +\\d+ of [1-9]\\d* packets, lost [1-9]\\d*; kicked [1-9]\\d* times")
                .containsPattern("together: lost [1-9]\\d* of [1-9]\\d*, kicked [1-9]\\d* times");
    }

    @Test
    void help_says_it_all() throws InterruptedException {
        assertThat(run("--help").succeeded().out()).isEqualTo(Usage.TEXT);
    }

    @Test
    void a_wrong_command_line_ends_in_one_line() throws InterruptedException {
        assertThat(run("--seconds", "0").failed().err()).contains("from 1 to 86400");
        assertThat(run("--naive", "--node", "tcp://127.0.0.1").failed().err()).contains("leave out --node");
    }
}
