package dev.meshlease.testkit.internal.transcript;

import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.Witness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Follows what a node and its clients say. The latest lines are kept, and who has misbehaved. On the node's thread. */
public final class Transcript implements Witness {
    private static final int MOST_LINES = 300;
    private static final int MOST_NOTES = 1_000;

    private final TimeSource time;
    private final long startNanos;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private long earlier;
    private final List<String> offences = new ArrayList<>();
    private final List<String> overlaps = new ArrayList<>();
    private final Claims claims = new Claims();
    private final Map<String, Client> clients = new LinkedHashMap<>();

    /**
     * One line.
     *
     * @param nanos since the node's start
     * @param words what happened
     */
    public record Line(long nanos, String words) {}

    public Transcript(TimeSource time) {
        this.time = time;
        startNanos = time.nanoTime();
    }

    @Override
    public void connected(String connection, boolean isRival) {
        say(connection + (isRival ? " connects, a rival" : " connects"));
        if (!isRival) {
            openClients()
                    .filter(other -> !other.getValue().isUnheard)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .ifPresent(other -> note(overlaps, connection + " was connected while " + other + " still was"));
        }
        clients.put(connection, new Client(isRival, what -> offence(connection, what)));
    }

    /** A client's connection that it has not ended, if there is one. Rivals do not count. */
    public Optional<String> openClient() {
        return openClients().map(Map.Entry::getKey).findFirst();
    }

    private Stream<Map.Entry<String, Client>> openClients() {
        return clients.entrySet().stream().filter(client -> !client.getValue().isRival);
    }

    private void offence(String connection, String what) {
        note(offences, connection + " sent " + what);
    }

    private static void note(List<String> notes, String what) {
        if (notes.size() < MOST_NOTES) {
            notes.add(what);
        }
    }

    @Override
    public void received(String connection, byte[] bytes, int offset, int length) {
        Client client = clients.get(connection);
        if (client != null) {
            client.received(bytes, offset, length, message -> heard(connection, message));
        }
    }

    private void heard(String connection, ToRadio message) {
        say(connection + " → " + Words.of(message));
        if (message.hasPacket()) {
            claims.add(message.getPacket());
        }
    }

    @Override
    public void sent(String connection, byte[] bytes, int offset, int length) {
        Client client = clients.get(connection);
        if (client != null) {
            client.sent(bytes, offset, length, words -> say(connection + " ← " + words));
        }
    }

    @Override
    public void paused(String connection, boolean paused) {
        Client client = clients.get(connection);
        if (client != null) {
            client.isUnheard = paused;
        }
    }

    @Override
    public void ended(String connection, End how) {
        Client client = clients.remove(connection);
        String broken =
                client == null || client.dumped() == 0 ? "" : ", " + client.dumped() + " messages into its state";
        String words = switch (how) {
            case BY_CLIENT -> " leaves";
            case FIN -> " is disconnected";
            case RST -> " is reset";
            case SILENT -> " is forgotten";
        };
        say(connection + words + broken);
    }

    @Override
    public void noted(String what) {
        say(what);
    }

    private void say(String words) {
        if (lines.size() == MOST_LINES) {
            lines.remove();
            earlier++;
        }
        lines.add(new Line(time.nanoTime() - startNanos, words));
    }

    /** What was said lately. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** How many lines were said before those. */
    public long earlier() {
        return earlier;
    }

    /** What clients did that is not asked of clients; the first 1,000 times. */
    public List<String> offences() {
        return List.copyOf(offences);
    }

    /** When a client was connected while another one was; the first 1,000 times. */
    public List<String> overlaps() {
        return List.copyOf(overlaps);
    }

    /** The packets of clients. */
    public Claims claims() {
        return claims;
    }
}
