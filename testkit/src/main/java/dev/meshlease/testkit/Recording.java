package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import dev.meshlease.testkit.internal.firmware.TimedPacket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A conversation with a real node, for {@link SimulatedNodeBuilder#recording}.
 *
 * <p>The format is JSON lines. The first names the {@code scenario}; each of the others is an event at {@code t} seconds (up to a year)
 * on the connection {@code conn}, of a kind {@code ev}: {@code connect}, {@code tx} and {@code rx} (bytes to and from the node, as
 * {@code hex}), {@code close}, {@code closed-by-node} and the like. Only {@code rx} counts here.
 *
 * <p>Reading needs Gson ({@code com.google.code.gson:gson}), which this library does not bring along; on the module path, some module of
 * the program must require {@code com.google.gson}.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Recording {
    private final String scenario;
    private final List<DumpFrame> dump;
    private final List<TimedPacket> traffic;

    private Recording(String scenario, List<DumpFrame> dump, List<TimedPacket> traffic) {
        this.scenario = scenario;
        this.dump = dump;
        this.traffic = traffic;
    }

    /**
     * Reads a recording from a file.
     *
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if it is no recording, with the number of the line; or if no full handshake completes in it
     * @throws IllegalStateException if Gson is missing
     */
    public static Recording read(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return parse(file.toString(), bytes);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read the recording " + file + ": " + unreadable, unreadable);
        }
    }

    /**
     * One of the recordings that come with the testkit, of meshtasticd 2.7.26 or, where the name starts with {@code 2.8-}, of a 2.8
     * development build: {@code 03-handshake-full}, {@code 10-text-broadcast}, {@code 18-dm-acked}, {@code 19-broadcast-implicit-ack},
     * {@code 20-admin-get-metadata}, {@code 30-duplicate-idle-A}, {@code 45-handshake-with-nodes},
     * {@code 2.8-45-handshake-with-nodes}.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws IllegalStateException if Gson is missing
     */
    public static Recording bundled(String name) {
        Objects.requireNonNull(name, "name");
        try (InputStream bytes = Recording.class.getResourceAsStream("recordings/" + name + ".jsonl")) {
            if (bytes == null) {
                throw new IllegalArgumentException("No recording '" + name
                        + "' comes with the testkit. Its names are in the javadoc of Recording.bundled");
            }
            return parse(name, bytes);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Bytes that are no text become characters that are no JSON, so the line is told there too. */
    private static Recording parse(String source, InputStream bytes) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        RecordingLines.Content content;
        try {
            content = RecordingLines.read(source, lines);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    "Reading a recording needs Gson. Add com.google.code.gson:gson to your test dependencies;"
                            + " on the module path, a module must also require com.google.gson.",
                    missing);
        }
        RecordedFrames frames = new RecordedFrames(source);
        content.received().forEach(frames::add);
        List<DumpFrame> dump = frames.lastFullHandshake();
        int own = dump.get(0).message().getMyInfo().getMyNodeNum();
        return new Recording(content.scenario(), dump, frames.traffic(own));
    }

    /** The name it was given. */
    public String scenario() {
        return scenario;
    }

    /** The number of the recorded node. */
    public NodeId node() {
        return new NodeId(dump.get(0).message().getMyInfo().getMyNodeNum());
    }

    /** The packets that {@link SimulatedNode#replayTraffic()} plays, in order. */
    public List<MeshPacket> packets() {
        return traffic.stream().map(TimedPacket::packet).toList();
    }

    List<DumpFrame> dump() {
        return dump;
    }

    List<TimedPacket> traffic() {
        return traffic;
    }

    @Override
    public String toString() {
        return "recording " + scenario;
    }
}
