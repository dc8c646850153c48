package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file descriptors are shown as symbolic links")
class TcpLookoutTest {
    private static final String NODE = "0700000A:1133"; // 10.0.0.7:4403
    private static final String HERE = "0500000A:C3CB"; // 10.0.0.5:50123
    private static final String LOOPBACK = "0100007F:1133";

    @TempDir
    Path folder;

    private final OwnSockets own = new OwnSockets();
    private ProcTree proc;

    @BeforeEach
    void record() {
        proc = new ProcTree(folder);
    }

    private List<Stranger> strangers(String... addresses) throws UnknownHostException {
        Sighting seen = look(addresses);
        assertThat(seen).isInstanceOf(Sighting.Seen.class);
        return ((Sighting.Seen) seen).strangers();
    }

    private Sighting look(String... addresses) throws UnknownHostException {
        return look(ByteOrder.LITTLE_ENDIAN, addresses);
    }

    private Sighting look(ByteOrder order, String... addresses) throws UnknownHostException {
        List<InetSocketAddress> all = new java.util.ArrayList<>();
        for (String address : addresses) {
            all.add(new InetSocketAddress(InetAddress.getByName(address), 4403));
        }
        return new TcpLookout(all, proc.root, order, ProcTree.OWN_PID, own).look();
    }

    @Test
    void names_who_is_connected_to_the_node() throws Exception {
        proc.established(HERE, NODE, 77)
                .process("4711", "/usr/bin/python3\0trace.py\00010.0.0.7\0")
                .has("4711", "/dev/null")
                .has("4711", "socket:[76]")
                .has("4711", "socket:[77]")
                .process("4712", "sh\0")
                .has("4712", "pipe:[77]");
        assertThat(strangers("10.0.0.7"))
                .containsExactly(new Stranger(
                        OptionalLong.of(4711),
                        OptionalLong.of(1000),
                        "python3 trace.py 10.0.0.7",
                        "10.0.0.5:50123",
                        "10.0.0.7:4403"));
    }

    @Test
    void whoever_is_just_connecting_counts_if_it_is_known_who() throws Exception {
        proc.connection("tcp", HERE, NODE, "02", 1000, 77).connection("tcp", HERE, NODE, "02", 1000, 78);
        proc.process("4711", "nc\0").has("4711", "socket:[77]");
        assertThat(strangers("10.0.0.7")).extracting(Stranger::command).containsExactly("nc");
    }

    @Test
    void of_other_users_only_the_number_is_known() throws Exception {
        proc.connection("tcp", HERE, NODE, "01", 33, 77).process("4711", "nc\0");
        assertThat(strangers("10.0.0.7"))
                .containsExactly(
                        new Stranger(OptionalLong.empty(), OptionalLong.of(33), "", "10.0.0.5:50123", "10.0.0.7:4403"));
    }

    @ParameterizedTest
    @CsvSource({
        "another host, 0500000A:C3CB, 0800000A:1133, 01, 77",
        "another port, 0500000A:C3CB, 0700000A:1134, 01, 77",
        "the node's own end, 0700000A:1133, 0500000A:C3CB, 01, 77",
        "the node's listening socket, 0700000A:1133, 00000000:0000, 0A, 77",
        "one that the node has ended, 0500000A:C3CB, 0700000A:1133, 08, 77",
        "one that is over, 0500000A:C3CB, 0700000A:1133, 06, 0",
    })
    void nobody_else_counts(String what, String local, String remote, String state, long socket) throws Exception {
        proc.connection("tcp", local, remote, state, 1000, socket);
        assertThat(strangers("10.0.0.7")).as(what).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, tcp, 0100007F:1133, 127.0.0.1:4403",
        "127.0.0.1, tcp6, 0000000000000000FFFF00000100007F:1133, 127.0.0.1:4403",
        "127.0.0.1, tcp6, 00000000000000000000000001000000:1133, [::1]:4403",
        "::1, tcp, 0100007F:1133, 127.0.0.1:4403",
        "0.0.0.0, tcp, 0100007F:1133, 127.0.0.1:4403",
        "10.0.0.7, tcp6, 0000000000000000FFFF00000700000A:1133, 10.0.0.7:4403",
        "2001:db8::7, tcp6, B80D0120000000000000000007000000:1133, [2001:db8::7]:4403",
        "fe80::7, tcp6, 000080FE000000000000000007000000:1133, [fe80::7]:4403",
    })
    void an_address_is_the_same_in_all_its_forms(String node, String table, String remote, String shown)
            throws Exception {
        proc.connection(table, table.equals("tcp") ? HERE : "0".repeat(32) + ":C3CB", remote, "01", 1000, 77);
        assertThat(strangers(node)).extracting(Stranger::remote).containsExactly(shown);
        assertThat(strangers("10.9.9.9")).isEmpty();
    }

    @Test
    void a_zone_makes_no_difference_since_the_table_has_none() throws Exception {
        proc.connection("tcp6", "0".repeat(32) + ":C3CB", "000080FE000000000000000007000000:1133", "01", 1000, 77);
        byte[] bytes = InetAddress.getByName("fe80::7").getAddress();
        var zoned = new InetSocketAddress(Inet6Address.getByAddress("node", bytes, 1), 4403);
        Sighting seen =
                new TcpLookout(List.of(zoned), proc.root, ByteOrder.LITTLE_ENDIAN, ProcTree.OWN_PID, own).look();
        assertThat(seen)
                .isInstanceOfSatisfying(
                        Sighting.Seen.class, all -> assertThat(all.strangers()).hasSize(1));
    }

    @Test
    void a_kernel_of_the_other_byte_order_writes_the_same_address_otherwise() throws Exception {
        proc.established("0A000005:C3CB", "0A000007:1133", 77);
        assertThat(look(ByteOrder.BIG_ENDIAN, "10.0.0.7"))
                .isInstanceOfSatisfying(
                        Sighting.Seen.class, all -> assertThat(all.strangers()).hasSize(1));
        assertThat(strangers("10.0.0.7")).isEmpty();
    }

    @Test
    void other_sockets_of_this_program_count_but_not_the_transports_own() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketChannel channel = SocketChannel.open(server.getLocalSocketAddress())) {
            String mine = String.format("0100007F:%04X", channel.socket().getLocalPort());
            String there = String.format("0100007F:%04X", server.getLocalPort());
            proc.established(mine, there, 77).established("0100007F:0001", there, 78);
            proc.process("self", "java\0-jar\0bot.jar\0")
                    .has("self", "socket:[77]")
                    .has("self", "socket:[78]");
            var node = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
            OwnSockets.Mark mark = own.connecting(node);

            assertThat(looking(node)).as("while one's own end is not known").isEmpty();
            mark.connected(channel);
            assertThat(looking(node)).singleElement().satisfies(found -> {
                assertThat(found.pid()).hasValue(ProcTree.OWN_PID);
                assertThat(found.command()).isEqualTo("java -jar bot.jar");
                assertThat(found.local()).isEqualTo("127.0.0.1:1");
            });
            mark.closed();
            assertThat(looking(node))
                    .as("while a program that was just started may have a copy of it")
                    .singleElement()
                    .satisfies(found -> assertThat(found.local()).isEqualTo("127.0.0.1:1"));
            var local = (InetSocketAddress) channel.getLocalAddress();
            assertThat(own.had(local, node, System.nanoTime())).isTrue();
            assertThat(own.had(local, node, System.nanoTime() + TimeUnit.SECONDS.toNanos(3)))
                    .as("afterwards it is somebody else's")
                    .isFalse();
        }
    }

    private List<Stranger> looking(InetSocketAddress node) {
        Sighting seen = new TcpLookout(List.of(node), proc.root, ByteOrder.LITTLE_ENDIAN, ProcTree.OWN_PID, own).look();
        return ((Sighting.Seen) seen).strangers();
    }

    @Test
    void a_machine_without_ipv6_has_one_table() throws Exception {
        proc.established(HERE, NODE, 77).delete("net/tcp6");
        assertThat(strangers("10.0.0.7")).hasSize(1);
    }

    @Test
    void a_system_without_the_table_cannot_tell() throws Exception {
        proc.delete("net/tcp");
        assertThat(look("10.0.0.7"))
                .isEqualTo(new Sighting.Unknown("this system does not show its connections in /proc/net/tcp"));
    }

    @Test
    void a_process_that_is_gone_or_has_no_command_line_is_told_as_far_as_it_is_known() throws Exception {
        proc.established(HERE, NODE, 77).has("4711", "socket:[77]");
        assertThat(strangers("10.0.0.7")).extracting(Stranger::command).containsExactly("");
        proc.process("4711", "").write("4711/comm", "nc\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(strangers("10.0.0.7")).extracting(Stranger::command).containsExactly("nc");
    }

    @Test
    void what_else_lies_in_the_folder_does_no_harm() throws IOException {
        proc.established(LOOPBACK, NODE, 77)
                .write("4711", new byte[] {1})
                .write("99999999999999999999/cmdline", new byte[0])
                .has("4713", "socket:[]")
                .has("4713", "socket:[seventy]")
                .has("4713", "socket:[99999999999999999999]")
                .has("4713", "socket:[77");
        assertThat(strangers("10.0.0.7")).extracting(Stranger::pid).containsExactly(OptionalLong.empty());
    }

    @Test
    void a_node_with_a_thousand_clients_is_told_of_with_a_few() throws Exception {
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= 1000; i++) {
            table.append("0: ")
                    .append(HERE)
                    .append(' ')
                    .append(NODE)
                    .append(" 01 0:0 0:0 0 1000 0 ")
                    .append(i);
            table.append('\n');
        }
        proc.write("net/tcp", table.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(strangers("10.0.0.7")).hasSize(64);
    }
}
