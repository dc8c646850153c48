package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import dev.meshlease.testkit.internal.firmware.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Whatever a node finds in its directory, it says at once that it cannot use that, or it uses it for good. */
class AnyStateTest {
    private static final int TRIES = 300;

    private static Path directory;
    private static Path file;

    @BeforeContainer
    static void make() throws IOException {
        directory = Files.createTempDirectory("any-state");
        file = directory.resolve("simulated-node.state");
    }

    @BeforeTry
    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    @AfterContainer
    static void remove() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(directory);
    }

    private static SimulatedNodeBuilder builder() {
        return SimulatedNode.builder().directory(directory);
    }

    @Property(tries = TRIES)
    void any_bytes(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
        Files.write(file, bytes);

        assertThatThrownBy(() -> Bench.of(builder()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("erase the state first");
    }

    @Property(tries = TRIES)
    void any_messages(@ForAll long seed, @ForAll @Size(max = 30) List<Long> seeds) throws IOException {
        List<DumpFrame> frames = new ArrayList<>();
        frames.add(DumpFrame.of(FromRadio.newBuilder()
                .setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(new Random(seed).nextInt(8)))
                .build()));
        for (long each : seeds) {
            AnyMessages messages = new AnyMessages(new Random(each), 7, 8);
            frames.add(DumpFrame.of((FromRadio) messages.fill(FromRadio.newBuilder())));
        }
        new StateFile(directory).write(frames);

        Bench bench;
        try {
            bench = Bench.of(builder());
        } catch (UncheckedIOException refused) {
            assertThat(refused).hasMessageContaining("erase the state first");
            return;
        }
        lives(bench);
        bench.node.close();
        lives(Bench.of(builder()));
    }

    private static void lives(Bench bench) {
        Bench.Client client = bench.connect();
        client.toleratesRubbish = true;
        client.wantsConfig(77);
        bench.host.advance(Duration.ofSeconds(10));
        assertThat(client.dump()).filteredOn(FromRadio::hasMyInfo).hasSize(1);
        assertThat(client.dump()).filteredOn(FromRadio::hasChannel).hasSize(8);
        assertThat(bench.node.id()).isNotEqualTo(new NodeId(0));
        assertThat(bench.node.peers()).hasSizeLessThanOrEqualTo(250);
        bench.node.reboot();
        bench.host.advance(Duration.ofMinutes(1));
        assertThat(bench.ready().end).isEqualTo("none");
    }

    @Example
    void a_file_without_end() throws IOException {
        try (var content = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            content.position(8L * Integer.MAX_VALUE);
            content.write(ByteBuffer.allocate(1));
        }

        assertThatThrownBy(() -> Bench.of(builder()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("too large");
    }

    @Example
    void a_directory_in_place_of_the_file() throws IOException {
        Files.createDirectory(file);

        assertThatThrownBy(() -> Bench.of(builder()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    @Example
    void an_empty_file() throws IOException {
        Files.createFile(file);

        assertThatThrownBy(() -> Bench.of(builder())).isInstanceOf(UncheckedIOException.class);
    }

    @Example
    void a_full_database() throws IOException {
        Bench bench = Bench.of(builder());
        Stream.iterate(1, number -> number + 1)
                .limit(300)
                .forEach(number -> bench.node.peer(new NodeId(0x0c000000 + number)));
        bench.node.close();

        assertThat(Bench.of(builder()).node.peers()).hasSize(250);
    }
}
