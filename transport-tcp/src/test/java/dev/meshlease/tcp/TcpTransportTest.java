package dev.meshlease.tcp;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Transport;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTransportTest {
    private final TcpTransport transport = new TcpTransport();

    @Test
    void is_found_as_a_service() {
        assertThat(ServiceLoader.load(Transport.class).stream().map(ServiceLoader.Provider::type))
                .contains(TcpTransport.class);
        assertThat(transport.scheme()).isEqualTo("tcp");
    }

    @ParameterizedTest
    @CsvSource({
        "meshtastic.local, meshtastic.local:4403",
        "Meshtastic.LOCAL., meshtastic.local:4403",
        "meshtastic.local:4403/, meshtastic.local:4403",
        "my_node-2:1, my_node-2:1",
        "localhost:65535, localhost:65535",
        "10.0.0.7, 10.0.0.7:4403",
        "10.0.0.7:04403, 10.0.0.7:4403",
        "10.0.0.7., 10.0.0.7:4403",
        "1.example, 1.example:4403",
        "[::1], [::1]:4403",
        "[::], [::]:4403",
        "[FE80:0:0:0::0001%eth0]:4403, [fe80::1%eth0]:4403",
        "[2001:DB8:0:1:1:1:1:1]:80, [2001:db8:0:1:1:1:1:1]:80",
        "[2001:db8:0:0:1:0:0:1]/, [2001:db8::1:0:0:1]:4403",
        "[2001:0:0:1::1], [2001:0:0:1::1]:4403",
        "[1:0:0:0:0:0:0:0], [1::]:4403",
        "[::ffff:10.0.0.7]:4404, 10.0.0.7:4404",
        "[::10.0.0.7], [::a00:7]:4403",
    })
    void spells_an_address_normally(String written, String normal) {
        assertThat(transport.check(written)).isEqualTo(normal);
        assertThat(transport.check(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "user@10.0.0.7, user name",
        "10.0.0.7/status, path",
        "10.0.0.7//, path",
        "host?x=1, path",
        "host#top, path",
        "'my node', space",
        "' host', space",
        "'', host is missing",
        "/, host is missing",
        ":4403, host is missing",
        "., two dots",
        "a..b, two dots",
        ".a, two dots",
        "a.., two dots",
        "-a, cannot be part",
        "a-.b, cannot be part",
        "kürbis.local, cannot be part",
        "host:, port",
        "host:0, port",
        "host:65536, port",
        "host:+80, port",
        "host:http, port",
        "host:99999999999, port",
        "[::1]4403, port",
        "[::1]:, port",
        "fe80::1, brackets",
        "fe80::1%eth0, brackets",
        "::1, brackets",
        "host:80:90, brackets",
        "[::1, is missing",
        "[], no IPv6 address",
        "[10.0.0.7], no IPv6 address",
        "[meshtastic.local], no IPv6 address",
        "[::1::2], no IPv6 address",
        "[12345::], no IPv6 address",
        "[.::1], no IPv6 address",
        "[fe80::1%], no zone",
        "[fe80::1%eth0%1], no zone",
        "[2001:db8::1%eth0], link-local",
        "[::ffff:169.254.0.1%eth0], link-local",
        "10.7, four numbers",
        "10.0.0.256, four numbers",
        "010.0.0.7, four numbers",
        "0x0a.0x7, four numbers",
        "4403, four numbers",
    })
    void refuses_anything_else_with_a_sentence_that_shows_the_address_and_a_way_out(String written, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.check(written))
                .withMessageContaining("'" + written + "'")
                .withMessageContaining(why)
                .withMessageContaining("Write HOST or HOST:PORT");
    }

    @Test
    void refuses_names_and_labels_that_are_too_long() {
        String label = "a".repeat(63);
        assertThat(transport.check(label)).isEqualTo(label + ":4403");
        assertThatIllegalArgumentException().isThrownBy(() -> transport.check(label + "a"));
        String longest = String.join(".", label, label, label, "a".repeat(61));
        assertThat(transport.check(longest)).isEqualTo(longest + ":4403");
        assertThatIllegalArgumentException().isThrownBy(() -> transport.check(longest + "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "[::ffff:0.0.0.0]"})
    void this_machine_has_one_key(String host) throws Exception {
        assertThat(keys(host + ":4403", Map.of())).containsExactly("tcp://localhost:4403");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, tcp://127.0.0.2:4403",
        "127.0.1.1, tcp://127.0.1.1:4403",
        "10.0.0.7, tcp://10.0.0.7:4403",
        "[::ffff:10.0.0.7], tcp://10.0.0.7:4403",
        "[2001:db8::7], tcp://[2001:db8::7]:4403",
        "[fe80::7%999999], tcp://[fe80::7%999999]:4403",
    })
    void a_literal_is_its_own_key_and_is_never_looked_up(String host, String key) throws Exception {
        assertThat(keys(host, Map.of())).containsExactly(key);
    }

    @Test
    void a_zone_has_one_key_by_name_and_by_number() throws Exception {
        NetworkInterface any = NetworkInterface.networkInterfaces().findFirst().orElseThrow();
        byte[] linkLocal = InetAddress.getByName("fe80::7").getAddress();
        var byNumber = Inet6Address.getByAddress("node", linkLocal, any.getIndex());
        var byInterface = Inet6Address.getByAddress("node", linkLocal, any);
        String expected = "tcp://[fe80::7%" + any.getName() + "]:4403";
        assertThat(keys("node", Map.of("node", List.of(byNumber)))).containsExactly(expected);
        assertThat(keys("node", Map.of("node", List.of(byInterface)))).containsExactly(expected);
    }

    /** Which one it leads through is the system's choice, if it leads anywhere. */
    @Test
    void a_link_local_address_without_a_zone_is_claimed_on_every_interface() throws Exception {
        Set<String> keys = keys("[fe80::7]", Map.of());
        assertThat(keys).contains("tcp://[fe80::7]:4403").hasSize(1 + Place.WITH_LINK_LOCAL.size());
        for (int each : Place.WITH_LINK_LOCAL) {
            assertThat(keys).containsAll(keys("[fe80::7%" + each + "]", Map.of()));
        }
    }

    /** To Java, these are equal. */
    @Test
    void one_address_in_two_zones_is_two() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::7").getAddress();
        var here = Inet6Address.getByAddress("node", linkLocal, 999_998);
        var there = Inet6Address.getByAddress("node", linkLocal, 999_999);
        assertThat(here).isEqualTo(there);
        assertThat(keys("node", Map.of("node", List.of(here, there))))
                .containsExactlyInAnyOrder("tcp://[fe80::7%999998]:4403", "tcp://[fe80::7%999999]:4403");
    }

    @Test
    void a_name_has_a_key_for_each_address_without_doubles() throws Exception {
        var mapped =
                Inet6Address.getByAddress("node", new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 7}, -1);
        var names = Map.of("node.local", List.of(ip("10.0.0.7"), mapped, ip("2001:db8::7"), ip("10.0.0.7")));
        assertThat(keys("Node.LOCAL.:4404", names))
                .containsExactlyInAnyOrder("tcp://10.0.0.7:4404", "tcp://[2001:db8::7]:4404");
        assertThat(keys("node.local:4404", Map.of("node.local", List.of(ip("127.0.0.1"), ip("::1")))))
                .containsExactly("tcp://localhost:4404");
    }

    @Test
    void a_name_is_looked_up_anew_each_time_in_its_normal_spelling() {
        var names = new FixedNames(Map.of("node.local", List.of(InetAddress.getLoopbackAddress())));
        transport.locate("node.local:4403", names);
        transport.locate("node.local:4403", names);
        transport.locate("10.0.0.7:4403", names);
        assertThat(names.asked).containsExactly("node.local", "node.local");
    }

    @Test
    void an_unknown_host_passes_through() {
        assertThatThrownBy(() -> keys("nobody.local", Map.of()))
                .cause()
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("nobody.local");
        assertThatThrownBy(() -> keys("empty.local", Map.of("empty.local", List.of())))
                .hasCauseInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> keys("[fe80::1%nosuchinterface0]", Map.of()))
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    private Set<String> keys(String address, Map<String, List<InetAddress>> names) throws Exception {
        return transport
                .locate(transport.check(address), new FixedNames(names))
                .toCompletableFuture()
                .get(20, SECONDS)
                .keys()
                .stream()
                .map(LinkKey::toString)
                .collect(Collectors.toSet());
    }

    private static InetAddress ip(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }
}
