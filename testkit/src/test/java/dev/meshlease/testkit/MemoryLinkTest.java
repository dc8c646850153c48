package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryLinkTest {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Endpoint NODE = Endpoint.of("sim://node");

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final ScriptedServer server = ScriptedServer.at(environment, "node");

    private void aSecondPasses() {
        environment.advance(Duration.ofSeconds(1));
    }

    @Test
    void opening_takes_one_way_and_back() {
        MemoryClient client = MemoryClient.connecting(environment, "node");
        environment.advance(MILLI);
        assertThat(server.sessions).hasSize(1);
        assertThat(client.events).isEmpty();
        environment.advance(MILLI);
        assertThat(client.events).containsExactly("opened");
    }

    @Test
    void bytes_take_their_time_each_way() {
        environment.transport().latency(Duration.ofMillis(40));
        MemoryClient client = MemoryClient.open(environment, "node");
        client.writes("hello");
        environment.advance(Duration.ofMillis(39));
        assertThat(server.only().text()).isEmpty();
        environment.advance(MILLI);
        assertThat(server.only().text()).isEqualTo("hello");
        environment.advance(Duration.ofMillis(39));
        assertThat(client.events).containsExactly("opened");
        environment.advance(MILLI);
        assertThat(client.events).containsExactly("opened", "received hello");
    }

    @Test
    void whole_frames_arrive_as_they_were_written() {
        MemoryClient client = MemoryClient.open(environment, "node");
        client.writes("one");
        client.writes("two");
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "received one", "received two");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_split_stream_has_the_same_bytes_in_other_pieces(long seed) {
        var splitting = VirtualEnvironment.create(seed);
        splitting.transport().splitting(true);
        ScriptedServer echo = ScriptedServer.at(splitting, "node");
        MemoryClient client = MemoryClient.open(splitting, "node");
        var data = new byte[40_000];
        new Random(seed).nextBytes(data);
        for (int at = 0; at < data.length; at += 400) {
            client.writes(Arrays.copyOfRange(data, at, at + 400));
        }
        splitting.advance(Duration.ofSeconds(1));
        assertThat(client.received()).isEqualTo(data);
        assertThat(echo.only().received()).isEqualTo(data);
        assertThat(echo.only().pieces)
                .as("cut over the borders of frames")
                .doesNotContain(400)
                .hasSizeGreaterThan(100);
        assertThat(client.pieces).isNotEqualTo(echo.only().pieces);
        assertThat(client.partialWrites).isPositive();
    }

    @Test
    void a_node_that_does_not_read_lets_a_window_full_be_written() {
        environment.transport().window(1000);
        environment.transport().stall(NODE);
        MemoryClient client = MemoryClient.open(environment, "node");
        var data = new byte[2500];
        new Random(1).nextBytes(data);
        client.writes(data);
        aSecondPasses();
        assertThat(client.backlog()).isEqualTo(1500);
        assertThat(client.events).containsExactly("opened");
        assertThat(server.only().received()).isEmpty();

        server.echoes = false;
        environment.transport().resume(NODE);
        aSecondPasses();
        assertThat(client.backlog()).isZero();
        assertThat(client.events).containsExactly("opened", "writable", "writable");
        assertThat(server.only().received()).isEqualTo(data);
    }

    @Test
    void what_is_written_too_early_may_be_written_once_it_is_open() {
        MemoryClient client = MemoryClient.connecting(environment, "node");
        client.writes("early");
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "writable", "received early");
    }

    @Test
    void received_bytes_are_gone_after_the_call() {
        MemoryClient client = MemoryClient.open(environment, "node");
        client.writes("hello");
        aSecondPasses();
        assertThat(client.kept).singleElement().isEqualTo(ByteBuffer.allocate(5));
    }

    @Test
    void nobody_there_is_a_refusal_and_nothing_else() {
        MemoryClient client = MemoryClient.connecting(environment, "nowhere");
        assertThat(client.events).isEmpty();
        environment.advance(MILLI.multipliedBy(2));
        assertThat(client.events).containsExactly("closed REFUSED");
    }

    @Test
    void a_node_that_has_gone_refuses() {
        environment.transport().detach("node");
        assertThat(MemoryClient.open(environment, "node").events).containsExactly("closed REFUSED");
        assertThat(server.sessions).isEmpty();
    }

    @Test
    void closing_lets_written_bytes_out_and_is_told_once() {
        MemoryClient client = MemoryClient.open(environment, "node");
        server.echoes = false;
        client.writes("last words");
        client.closes();
        client.closes();
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "closed CLOSED");
        assertThat(server.only().text()).isEqualTo("last words");
        assertThat(server.only().ends).isEqualTo(1);
    }

    @Test
    void a_stalled_node_sees_the_end_behind_the_bytes_when_it_reads_again() {
        MemoryClient client = MemoryClient.open(environment, "node");
        environment.transport().stall(NODE);
        client.writes("last words");
        client.closes();
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "closed CLOSED");
        assertThat(server.only().ends).isZero();
        environment.transport().resume(NODE);
        aSecondPasses();
        assertThat(server.only().text()).isEqualTo("last words");
        assertThat(server.only().ends).isEqualTo(1);
    }

    @Test
    void aborting_loses_what_is_on_its_way() {
        MemoryClient client = MemoryClient.open(environment, "node");
        client.writes("lost");
        client.aborts();
        client.aborts();
        client.closes();
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "closed CLOSED");
        assertThat(server.only().text()).isEmpty();
        assertThat(server.only().breaks).isEqualTo(1);
    }

    @Test
    void what_is_written_to_a_client_that_has_left_comes_back_as_a_broken_connection() {
        MemoryClient client = MemoryClient.open(environment, "node");
        client.closes();
        aSecondPasses();
        assertThat(server.only().breaks).isZero();
        server.only().says("anybody there?");
        aSecondPasses();
        server.only().says("hello?");
        aSecondPasses();
        assertThat(server.only().breaks).isEqualTo(1);
    }

    @Test
    void closing_before_it_is_open_is_all_that_is_told() {
        MemoryClient client = MemoryClient.connecting(environment, "node");
        client.closes();
        aSecondPasses();
        assertThat(client.events).containsExactly("closed CLOSED");
        assertThat(server.only().ends).isEqualTo(1);
    }

    @Test
    void closing_a_refused_connection_is_told_once() {
        MemoryClient client = MemoryClient.connecting(environment, "nowhere");
        client.closes();
        aSecondPasses();
        client.aborts();
        aSecondPasses();
        assertThat(client.events).containsExactly("closed CLOSED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_nodes_end_comes_after_its_last_byte_and_nothing_after_it(boolean reset) {
        MemoryClient client = MemoryClient.open(environment, "node");
        server.only().says("bye");
        server.only().closes(reset);
        server.only().says("nobody hears this");
        client.writes("too late for the node");
        aSecondPasses();
        client.closes();
        client.writes("too late for both");
        aSecondPasses();
        assertThat(client.events)
                .containsExactly("opened", "received bye", reset ? "closed RESET" : "closed END_OF_STREAM");
        assertThat(server.only().text()).isEmpty();
        assertThat(server.only().ends).as("the node is not told of its own end").isZero();
    }

    @Test
    void ends_that_cross_are_told_once_on_each_side() {
        MemoryClient client = MemoryClient.open(environment, "node");
        server.only().closes(false);
        client.closes();
        aSecondPasses();
        assertThat(client.events).containsExactly("opened", "closed CLOSED");
        assertThat(server.only().ends).isZero();
    }

    @Test
    void a_loop_that_ends_with_the_connection_open_looks_like_a_client_that_is_gone() {
        MemoryClient client = MemoryClient.open(environment, "node");
        client.loop.close();
        server.only().says("anybody there?");
        aSecondPasses();
        assertThat(client.events).containsExactly("opened");
        assertThat(server.only().breaks).isEqualTo(1);
    }

    @Test
    void connections_do_not_mix() {
        MemoryClient one = MemoryClient.open(environment, "node");
        MemoryClient two = MemoryClient.open(environment, "node");
        one.writes("one");
        two.writes("two");
        aSecondPasses();
        assertThat(one.events).containsExactly("opened", "received one");
        assertThat(two.events).containsExactly("opened", "received two");
    }
}
