package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class TcpAddressTest {
    @Property
    void any_spelling_of_a_name_has_one_normal_spelling(
            @ForAll("names") String name,
            @ForAll boolean upper,
            @ForAll boolean dot,
            @ForAll boolean slash,
            @ForAll @IntRange(min = 1, max = 65535) int port) {
        String spelt =
                (upper ? name.toUpperCase(Locale.ROOT) : name) + (dot ? "." : "") + ":" + port + (slash ? "/" : "");
        assertThat(TcpAddress.parse(spelt))
                .isEqualTo(new TcpAddress(name, port))
                .hasToString(name + ":" + port);
    }

    /** The JDK writes all eight groups, we the short form: both must read as the same address, and the short one as itself. */
    @Property
    void any_spelling_of_an_ipv6_address_has_one_normal_spelling(@ForAll("sixteen") byte[] bytes, @ForAll boolean upper)
            throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        String full = "[" + (address.getAddress().length == 4 ? "::ffff:" : "") + address.getHostAddress() + "]";
        TcpAddress parsed = TcpAddress.parse(upper ? full.toUpperCase(Locale.ROOT) : full);
        assertThat(parsed.literal()).isEqualTo(address);
        assertThat(TcpAddress.parse(parsed.toString())).isEqualTo(parsed);
        assertThat(parsed.host())
                .doesNotContainPattern("[A-F]")
                .doesNotContain(":::")
                .doesNotContainPattern("(^|:)0::|::0(:|$)");
    }

    @Property
    void whatever_is_accepted_is_accepted_again_as_it_is_spelt_normally(@ForAll("soup") String text) {
        TcpAddress parsed;
        try {
            parsed = TcpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("'" + text + "'");
            return;
        }
        assertThat(TcpAddress.parse(parsed.toString())).isEqualTo(parsed);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> label = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .withChars("-_")
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(text -> !text.startsWith("-") && !text.endsWith("-"));
        Arbitrary<String> last =
                Arbitraries.strings().withCharRange('a', 'w').ofMinLength(2).ofMaxLength(8);
        return label.list()
                .ofMaxSize(3)
                .flatMap(labels -> last.map(end -> {
                    labels.add(end);
                    return String.join(".", labels);
                }));
    }

    /** Many zeros, so that there are runs to shorten. */
    @Provide
    Arbitrary<byte[]> sixteen() {
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.just((byte) 0)), Tuple.of(1, Arbitraries.bytes()))
                .array(byte[].class)
                .ofSize(16);
    }

    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(
                        "a", "local", ".", ":", "[", "]", "/", "%", "0", "10", "255", "::", "fe80", "-", " ", "4403",
                        "@", "é")
                .list()
                .ofMaxSize(10)
                .map(parts -> String.join("", parts));
    }
}
