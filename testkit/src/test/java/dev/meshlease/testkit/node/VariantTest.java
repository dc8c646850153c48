package dev.meshlease.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the boards and the releases of the firmware are known to do, point by point. */
class VariantTest {
    private static final String BOARDS = """
            variant          firmware newcomer        session-end backlog end-noticed unread-discarded phone-queue write-wait reboot-style restarts-counted
            standard         2.7.26   takes-over      by-unread   4       on          off              32          10s        silent       on
            esp32-wifi       2.6      takes-over      by-unread   4       on          on               32          10s        silent       on
            esp32-wifi       2.7.26   takes-over      by-unread   4       on          on               8           10s        silent       on
            esp32-wifi       2.8      takes-over      by-unread   4       on          off              8           10s        silent       on
            esp32-ethernet   2.6      takes-over      by-unread   4       on          on               32          10s        silent       on
            esp32-ethernet   2.7.26   takes-over      by-unread   4       on          on               32          10s        silent       on
            esp32-ethernet   2.8      takes-over      by-unread   4       on          off              32          10s        silent       on
            rak4631-ethernet 2.6      takes-over-late fin         3       on          off              32          10s        silent       on
            rak4631-ethernet 2.7.26   starves         fin         3       on          off              32          10s        silent       on
            rak4631-ethernet 2.8      starves         fin         3       on          off              16          10s        silent       on
            native-daemon    2.6      takes-over      by-unread   5       off         off              100         0          clean        off
            native-daemon    2.7.26   takes-over      by-unread   5       off         off              100         0          clean        off
            native-daemon    2.8      takes-over      by-unread   5       off         off              100         0          clean        off
            """;

    private static final String RELEASES = """
            variant       firmware idle-timeout short-write module-configs region-presets thin-nodes replay stale-config-index special-nonces
            native-daemon 2.6      0            torn        13             off            off        off    on                 on
            native-daemon 2.7.26   15m          torn        16             off            off        off    on                 on
            native-daemon 2.8      15m          close       17             on             on         on     off                on
            """;

    private static final String SENDING = """
            variant       firmware heartbeat-answered heartbeat-announces id-memory text-interval report-interval traceroute-interval lora-restarts
            esp32-wifi    2.6      off                off                 20        0             0               30s                 on
            esp32-wifi    2.7.26   on                 on                  20        2s            10s             30s                 off
            esp32-wifi    2.8      on                 on                  20        2s            10s             30s                 off
            """;

    private static final String CONSOLES = """
            variant        firmware reboot-announced serial-timeout boot-text log-text log-inside-frames reset-on-open
            serial-console 2.6      on               15m            on        on       off               off
            serial-console 2.7.26   on               15m            on        on       off               off
            serial-console 2.8      off              15m            on        off      off               off
            """;

    private static final String QUEUES = """
            variant       firmware accept-poll active-poll idle-poll status-queue tx-queue retransmit-after resync refusal-misdirected
            standard      2.6      100ms       5ms         250ms     2            16       7s               off    on
            standard      2.7.26   100ms       5ms         250ms     2            16       7s               off    on
            standard      2.8      100ms       5ms         250ms     2            16       7s               off    on
            """;

    private static final String RADIO = """
            variant          firmware airtime slot
            standard         2.7.26   20ms    1ms
            esp32-wifi       2.7.26   436ms   28ms
            esp32-ethernet   2.7.26   436ms   28ms
            rak4631-ethernet 2.7.26   436ms   28ms
            native-daemon    2.7.26   436ms   28ms
            serial-console   2.7.26   436ms   28ms
            """;

    @TestFactory
    Stream<DynamicTest> variants_and_releases_have_the_values_of_real_nodes() {
        return Stream.of(BOARDS, RELEASES, SENDING, CONSOLES, QUEUES, RADIO).flatMap(VariantTest::rows);
    }

    private static Stream<DynamicTest> rows(String table) {
        List<List<String>> lines = table.lines()
                .map(line -> Arrays.asList(line.trim().split(" +")))
                .toList();
        List<String> names = lines.get(0);
        List<DynamicTest> tests = new ArrayList<>();
        for (List<String> values : lines.subList(1, lines.size())) {
            Behaviour behaviour = Variant.named(values.get(0)).behaviour(FirmwareProfile.parse(values.get(1)));
            for (int i = 2; i < names.size(); i++) {
                Switch<?> point = Switch.named(names.get(i));
                Object expected = point.parse(values.get(i));
                tests.add(DynamicTest.dynamicTest(
                        values.get(0) + " " + values.get(1) + " " + point,
                        () -> assertThat(behaviour.get(point)).isEqualTo(expected)));
            }
        }
        return tests.stream();
    }
}
