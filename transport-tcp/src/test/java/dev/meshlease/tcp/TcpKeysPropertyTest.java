package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.LinkKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Two spellings meet in a key if, and only if, they lead to the same {@link Place}. */
class TcpKeysPropertyTest {
    private final TcpTransport transport = new TcpTransport();

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void spellings_meet_if_and_only_if_they_lead_to_the_same_place(
            @ForAll("places") Place one, @ForAll("places") Place any, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Place other = random.nextInt(3) == 0 ? one : any;
        boolean same = one.meets(other);
        Statistics.label("same place").collect(same).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 20);
            coverage.check(false).percentage(share -> share > 20);
        });
        assertThat(meet(said(one, random), said(other, random)))
                .as("%s and %s", one, other)
                .isEqualTo(same);
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void every_spelling_of_one_place_has_the_same_keys(@ForAll("places") Place place, @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        Set<LinkKey> keys = said(place, random);
        assertThat(keys).isEqualTo(said(place, random)).isEqualTo(said(place, random));
        if (!place.isLinkLocal() || place.zone() != 0) {
            assertThat(keys).hasSize(1);
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void names_meet_if_and_only_if_one_of_their_addresses_does(
            @ForAll @Size(min = 1, max = 4) List<@From("places") Place> ones,
            @ForAll @Size(min = 1, max = 4) List<@From("places") Place> others,
            @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        int port = ones.get(0).port();
        List<Place> first = ones.stream().map(each -> at(each, port)).toList();
        List<Place> second = others.stream().map(each -> at(each, port)).toList();
        boolean overlap = first.stream().anyMatch(each -> second.stream().anyMatch(each::meets));
        Statistics.label("overlap").collect(overlap).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 5);
            coverage.check(false).percentage(share -> share > 5);
        });
        assertThat(meet(named(first, random), named(second, random)))
                .as("%s and %s", first, second)
                .isEqualTo(overlap);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void a_name_has_the_keys_of_all_its_addresses_and_no_others(
            @ForAll @Size(min = 1, max = 6) List<@From("places") Place> places, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        int port = places.get(0).port();
        Set<LinkKey> each = new HashSet<>();
        List<Place> all = places.stream().map(place -> at(place, port)).toList();
        for (Place place : all) {
            each.addAll(said(place, random));
        }
        assertThat(named(all, random)).isEqualTo(each);
    }

    private static Place at(Place place, int port) {
        return new Place(place.hex(), place.zone(), port);
    }

    private static boolean meet(Set<LinkKey> one, Set<LinkKey> other) {
        return !Collections.disjoint(one, other);
    }

    /** By its address, or by one of its names. */
    private Set<LinkKey> said(Place place, RandomGenerator random) throws Exception {
        return random.nextBoolean() ? keys(place.text(random), Map.of()) : named(List.of(place), random);
    }

    private Set<LinkKey> named(List<Place> places, RandomGenerator random) throws Exception {
        String name =
                List.of("node.test", "a.b-c.example", "xn--nd-fka.local", "n_1").get(random.nextInt(4));
        List<InetAddress> answers = new ArrayList<>();
        places.forEach(place -> answers.add(place.answer(random)));
        Collections.shuffle(answers, new Random(random.nextLong()));
        StringBuilder spelt = new StringBuilder();
        name.chars().forEach(c -> spelt.append((char) (random.nextBoolean() ? c : Character.toUpperCase(c))));
        String address = spelt
                + (random.nextBoolean() ? "." : "")
                + Place.portText(places.get(0).port(), random);
        return keys(address, Map.of(name, answers));
    }

    private Set<LinkKey> keys(String address, Map<String, List<InetAddress>> names)
            throws ExecutionException, InterruptedException {
        return transport
                .locate(transport.check(address), new FixedNames(names))
                .toCompletableFuture()
                .get()
                .keys();
    }

    /** Few, so that they often are the same, and neighbours of each other in every respect. */
    @Provide
    Arbitrary<Place> places() {
        Arbitrary<String> fours =
                Arbitraries.of("0a000007", "0a000008", "7f000001", "7f000002", "7f010101", "00000000");
        Arbitrary<String> sixes = Arbitraries.of(
                "20010db8000000000000000000000007", // global
                "20010db8000000010000000000000007",
                "fd000000000000000000000000000007", // unique local
                "fec00000000000000000000000000007", // site-local, which is no more
                "fe800000000000000000000000000007", // link-local
                "fe800000000000000000000000000008",
                "febf0000000000000000000000000007",
                "0000000000000000000000000a000007", // IPv4-compatible
                "0000000000000000000000007f000001",
                "0000000000000000ffff00000a000007", // IPv4-translated
                "0064ff9b00000000000000000a000007", // by way of NAT64
                "20020a00000700000000000000000007", // 6to4
                "00000000000000000000000000000001",
                "00000000000000000000000000000000");
        Arbitrary<String> any = Arbitraries.integers()
                .between(0, 255)
                .list()
                .ofSize(16)
                .map(bytes -> {
                    StringBuilder hex = new StringBuilder("20");
                    bytes.stream().skip(1).forEach(each -> hex.append("%02x".formatted(each)));
                    return hex.toString();
                });
        List<Integer> zones = new ArrayList<>(List.of(0, 999_999));
        zones.addAll(Place.INTERFACES.keySet());
        return Combinators.combine(
                        Arbitraries.oneOf(fours, sixes, sixes, any),
                        Arbitraries.of(zones),
                        Arbitraries.of(4403, 4403, 4404, 80))
                .as((hex, zone, port) -> {
                    Place without = new Place(hex, 0, port);
                    return without.isLinkLocal() ? new Place(hex, zone, port) : without;
                });
    }
}
