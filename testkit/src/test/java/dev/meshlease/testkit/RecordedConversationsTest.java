package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conversations recorded from a real node: their clients say the same to the simulated one, at the same times, and it answers the same,
 * by kind and order. Nothing in the node is keyed to a recording; the three that depend on
 * chance are compared as loosely as that demands.
 */
class RecordedConversationsTest {
    private static final String TAKEOVER = "36-takeover-loses-packets";
    private static final NodeId RECORDED = new NodeId(305419896);
    /** How much later a handshake may be complete than in the recording. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private static final Duration STEP = Duration.ofMillis(10);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02-set-region-reboot",
                "03-handshake-full",
                "04-handshake-69420-config-only",
                "05-handshake-69421-nodes-only",
                "07-handshake-nonce-zero",
                "10-text-broadcast",
                "11-text-rate-limit",
                "13-dm-unknown-node-want-ack",
                "14-text-too-long",
                "18-dm-acked",
                "19-broadcast-implicit-ack",
                "20-admin-get-metadata",
                "21-heartbeat",
                "22-heartbeat-latency",
                "23-disconnect-message",
                "30-duplicate-idle-A",
                "32-duplicate-A-unread-data",
                "34-burst-connect",
                "40-reconnect-fin",
                "42-queue-while-absent",
                "45-handshake-with-nodes",
                "50-half-frame",
                "52-garbage",
                "60-admin-reboot",
                "2.8-03-handshake-full",
                "2.8-05-handshake-69421-nodes-only",
                "2.8-11-text-rate-limit",
                "2.8-21-heartbeat",
                "2.8-30-duplicate-idle-A",
                "2.8-45-handshake-with-nodes"
            })
    void is_answered_as_recorded(String recording) {
        Conversation conversation = new Conversation(recording);
        assertThat(conversation.played(Duration.ZERO)).isEqualTo(conversation.recorded());
    }

    /** When the node repeats what it heard is up to chance: so is whether that is before the next reception, or the end. */
    @ParameterizedTest
    @ValueSource(strings = {"44-inject-rx", "2.8-44-inject-rx"})
    void is_answered_with_the_same_words_in_an_order_of_its_own(String recording) {
        Conversation conversation = new Conversation(recording);
        List<String> recorded = conversation.recorded().get("A");
        List<String> played = conversation.played(Duration.ZERO).get("A");

        assertThat(played)
                .startsWith(recorded.subList(0, recorded.indexOf("config_complete 44") + 1)
                        .toArray(String[]::new));
        assertThat(Set.copyOf(played)).isEqualTo(Set.copyOf(recorded));
        assertThat(played.stream().filter("TEXT_MESSAGE_APP"::equals))
                .hasSize(2)
                .hasSameSizeAs(
                        recorded.stream().filter("TEXT_MESSAGE_APP"::equals).toList());
    }

    /** How much the first client still gets depends on when in its rhythm the node sees the second. */
    @Test
    void a_takeover_loses_as_many_packets_as_the_moment_will_have_it() {
        Map<String, List<String>> recorded = new Conversation(TAKEOVER).recorded();
        List<Map<String, List<String>>> played = new ArrayList<>();
        for (int millis = 0; millis < 100; millis += 5) {
            played.add(new Conversation(TAKEOVER).played(Duration.ofMillis(millis)));
        }
        assertThat(played).contains(recorded);
        assertThat(played).allSatisfy(each -> {
            assertThat(each.get("A"))
                    .startsWith(recorded.get("A").subList(0, 40).toArray(String[]::new));
            assertThat(each.get("A")).endsWith("closed by the node");
            assertThat(each.get("B")).contains("config_complete 37");
        });
    }

    @Test
    void all_recordings_are_played() throws Exception {
        List<String> played = new ArrayList<>(List.of(TAKEOVER));
        Arrays.stream(RecordedConversationsTest.class.getDeclaredMethods())
                .map(method -> method.getAnnotation(ValueSource.class))
                .filter(Objects::nonNull)
                .forEach(source -> played.addAll(List.of(source.strings())));
        List<String> there = new ArrayList<>(besides("03-handshake-full")); // the testkit's
        there.addAll(besides("02-set-region-reboot")); // its tests'

        assertThat(there).hasSizeGreaterThan(30);
        assertThat(played).containsExactlyInAnyOrderElementsOf(there);
    }

    /** All recordings in the folder of one. */
    private static List<String> besides(String recording) throws Exception {
        URL one = Objects.requireNonNull(
                RecordedConversationsTest.class.getResource("recordings/" + recording + ".jsonl"));
        Path folder = Objects.requireNonNull(Path.of(one.toURI()).getParent());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.jsonl$", ""))
                    .toList();
        }
    }

    private static final class Conversation {
        private final Map<String, Bench.Client> clients = new LinkedHashMap<>();
        private final Set<String> closed = new HashSet<>();
        final List<RecordedEvent> events;
        final MessageKinds kinds;
        final Bench bench;

        Conversation(String recording) {
            events = RecordedEvent.of(recording);
            kinds = new MessageKinds(sentIds());
            FirmwareProfile firmware = recording.startsWith("2.8-") ? FirmwareProfile.V2_8 : FirmwareProfile.V2_7;
            bench = Bench.asGiven(SimulatedNode.builder()
                    .variant(Variant.nativeDaemon())
                    .firmware(firmware)
                    .number(recordedNode())
                    .with(Switch.SIMULATED_RADIO, true));
        }

        /** Since 2.8 a node's number is made of its key, so it is not the same in all recordings. */
        private NodeId recordedNode() {
            return events.stream()
                    .filter(event -> event.is("rx"))
                    .flatMap(event -> parse(new NodeFraming(), event.bytes()).stream())
                    .filter(FromRadio::hasMyInfo)
                    .map(message -> new NodeId(message.getMyInfo().getMyNodeNum()))
                    .findFirst()
                    .orElse(RECORDED);
        }

        private Set<Integer> sentIds() {
            Map<String, NodeFraming> framings = new HashMap<>();
            Set<Integer> ids = new HashSet<>();
            for (RecordedEvent event : events) {
                for (byte next : event.is("tx") ? event.bytes() : new byte[0]) {
                    byte[] payload = framings.computeIfAbsent(event.connection(), conn -> new NodeFraming())
                            .take(next);
                    if (payload != null) {
                        addId(ids, payload);
                    }
                }
            }
            return ids;
        }

        private static void addId(Set<Integer> ids, byte[] payload) {
            try {
                int id = ToRadio.parseFrom(payload).getPacket().getId();
                if (id != 0) {
                    ids.add(id);
                }
            } catch (InvalidProtocolBufferException malformed) {
                // on purpose, some of them
            }
        }

        /** What the recorded node said to each client, and whether it ended the connection. */
        Map<String, List<String>> recorded() {
            Map<String, List<FromRadio>> messages = new LinkedHashMap<>();
            Map<String, NodeFraming> framings = new HashMap<>();
            Set<String> left = new HashSet<>();
            Set<String> ended = new HashSet<>();
            for (RecordedEvent event : events) {
                String connection = event.connection();
                switch (event.kind()) {
                    case "connect" -> messages.put(connection, new ArrayList<>());
                    case "rx" ->
                        messages.get(connection)
                                .addAll(parse(
                                        framings.computeIfAbsent(connection, conn -> new NodeFraming()),
                                        event.bytes()));
                    case "close", "rst-close" -> left.add(connection);
                    case "closed-by-node" -> {
                        if (!left.contains(connection)) {
                            ended.add(connection);
                        }
                    }
                    default -> {}
                }
            }
            return summary(messages, ended);
        }

        private static List<FromRadio> parse(NodeFraming framing, byte[] bytes) {
            List<FromRadio> messages = new ArrayList<>();
            for (byte next : bytes) {
                byte[] payload = framing.take(next);
                if (payload != null) {
                    try {
                        messages.add(FromRadio.parseFrom(payload));
                    } catch (InvalidProtocolBufferException malformed) {
                        throw new AssertionError(malformed);
                    }
                }
            }
            return messages;
        }

        private Map<String, List<String>> summary(Map<String, List<FromRadio>> messages, Set<String> ended) {
            Map<String, List<String>> summary = new LinkedHashMap<>();
            messages.forEach((connection, heard) -> {
                List<String> all = new ArrayList<>(kinds.of(heard));
                if (ended.contains(connection)) {
                    all.add("closed by the node");
                }
                summary.put(connection, all);
            });
            return summary;
        }

        /** What the simulated node says to the same. */
        Map<String, List<String>> played(Duration later) {
            settle();
            bench.host.advance(later);
            Map<String, Integer> completions = new HashMap<>();
            Duration before = Duration.ZERO;
            for (RecordedEvent event : events) {
                String connection = event.connection();
                if (event.is("rx")) {
                    parse(new NodeFraming(), event.bytes()).stream()
                            .filter(FromRadio::hasConfigCompleteId)
                            .forEach(message -> completions.merge(connection, 1, Integer::sum));
                } else if (!event.is("closed-by-node") && !event.is("send-error")) {
                    bench.host.advance(event.at().minus(before));
                    before = event.at();
                    awaitHandshakes(connection, completions.getOrDefault(connection, 0));
                    play(event);
                }
            }
            bench.host.advance(Duration.ofSeconds(1));
            Map<String, List<FromRadio>> messages = new LinkedHashMap<>();
            Set<String> ended = new HashSet<>();
            clients.forEach((connection, client) -> {
                messages.put(connection, client.received());
                if (!closed.contains(connection) && !client.end.equals("none")) {
                    ended.add(connection);
                }
            });
            return summary(messages, ended);
        }

        /** One handshake and a goodbye, so that what the node had to say after its start is gone. */
        private void settle() {
            bench.host.advance(Duration.ofSeconds(2));
            Bench.Client first = bench.connect();
            first.wantsConfig(200);
            bench.host.advance(Duration.ofMillis(700));
            first.disconnects();
            bench.host.advance(Duration.ofMillis(500));
        }

        private void awaitHandshakes(String connection, int count) {
            Bench.Client client = clients.get(connection);
            Duration waited = Duration.ZERO;
            while (client != null
                    && client.end.equals("none")
                    && waited.compareTo(LATE) < 0
                    && client.received().stream()
                                    .filter(FromRadio::hasConfigCompleteId)
                                    .count()
                            < count) {
                bench.host.advance(STEP);
                waited = waited.plus(STEP);
            }
        }

        private void play(RecordedEvent event) {
            Bench.Client client = clients.get(event.connection());
            switch (event.kind()) {
                case "connect" -> clients.put(event.connection(), bench.knocks());
                case "tx" -> client.writes(event.bytes());
                case "half-close" -> client.leaves();
                case "close", "rst-close" -> {
                    if (client.end.equals("none")) {
                        closed.add(event.connection());
                        client.leaves();
                    }
                }
                default -> throw new AssertionError("Nobody knows how to play " + event.kind());
            }
        }
    }
}
