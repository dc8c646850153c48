package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource({
        "/usr/bin/python3 trace.py --host 10.0.0.7, python3 trace.py --host 10.0.0.7",
        "nc, nc",
        "/usr/bin/java -Xmx1g -cp /a:/b -Dx=y bot.Main 10.0.0.7, java bot.Main 10.0.0.7",
        "java -XX:+UseZGC -jar /opt/bot.jar --node x, java -jar /opt/bot.jar --node x",
        "java --module-path /m -m bot/bot.Main, java -m bot/bot.Main",
        "java -version, java",
        "mosquitto_pub --password hunter2 -t mesh, mosquitto_pub --password *** -t mesh",
        "bot --api-token=abc --node x, bot --api-token=*** --node x",
        "env MQTT_PASSWORD=abc bot, env MQTT_PASSWORD=*** bot",
        "bot mqtt://user:pw@broker/topic, bot mqtt://***@broker/topic",
        "bot --psk --verbose x, bot --psk --verbose x",
    })
    void shows_the_program_and_its_first_arguments_without_secrets(String words, String shown) {
        assertThat(of(words.replace(' ', '\0') + '\0')).isEqualTo(shown);
    }

    @Test
    void is_cut_and_cleaned() {
        assertThat(of("\u001b[31mbot\0a\nb\0\u202eevil\0")).isEqualTo("?[31mbot a?b ?evil");
        assertThat(of("bot\0/home/" + "x".repeat(100) + "/trace.py")).isEqualTo("bot …" + "x".repeat(50) + "/trace.py");
        assertThat(of("bot\0" + "x".repeat(1000))).isEqualTo("bot " + "x".repeat(59) + "…");
        assertThat(of("bot\0" + "word\0".repeat(100)))
                .hasSize(120)
                .startsWith("bot word word")
                .endsWith("…");
        assertThat(of("")).isEmpty();
        assertThat(of("\0\0\0")).isEmpty();
    }

    private static String of(String raw) {
        return CommandLine.of(raw.getBytes(StandardCharsets.UTF_8));
    }
}
