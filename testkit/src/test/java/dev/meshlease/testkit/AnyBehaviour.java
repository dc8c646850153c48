package dev.meshlease.testkit;

import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** A node of any kind and firmware, with some switches in any position. */
final class AnyBehaviour {
    private static final List<String> VALUES =
            List.of("0", "1ms", "100ms", "2s", "1", "2", "3", "8", "100", "6000", "on", "off");
    private static final List<String> EXTREMES = List.of("8760h", "2147483647");
    /** A client that only waits is to be served. */
    private static final Set<Switch<?>> AS_THEY_ARE = Set.of(Switch.IDLE_TIMEOUT, Switch.SERIAL_TIMEOUT);
    /** And within minutes. */
    private static final Set<Switch<?>> WITHOUT_EXTREMES = Set.of(
            Switch.ACCEPT_POLL,
            Switch.ACTIVE_POLL,
            Switch.IDLE_POLL,
            Switch.FRAME_TIME,
            Switch.WRITE_WAIT,
            Switch.REBOOT_TIME);

    private AnyBehaviour() {}

    static SimulatedNodeBuilder builder(Random random) {
        List<Variant> variants = Variant.all();
        FirmwareProfile[] firmware = FirmwareProfile.values();
        SimulatedNodeBuilder builder = SimulatedNode.builder()
                .nodes(random.nextInt(4))
                .variant(variants.get(random.nextInt(variants.size())))
                .firmware(firmware[random.nextInt(firmware.length)])
                .with(Switch.SIMULATED_RADIO, random.nextBoolean());
        List<Switch<?>> switches = new ArrayList<>(Switch.all());
        switches.removeAll(AS_THEY_ARE);
        for (int i = random.nextInt(6); i > 0; i--) {
            builder.with(any(switches.get(random.nextInt(switches.size())), random));
        }
        return builder;
    }

    private static <T> Behaviour any(Switch<T> point, Random random) {
        List<T> valid = Stream.of(
                        VALUES,
                        WITHOUT_EXTREMES.contains(point) ? List.<String>of() : EXTREMES,
                        List.of(point.range().split("one of |, ")))
                .flatMap(texts -> texts.stream().flatMap(text -> parse(point, text)))
                .toList();
        return Behaviour.usual().with(point, valid.get(random.nextInt(valid.size())));
    }

    private static <T> Stream<T> parse(Switch<T> point, String text) {
        try {
            return Stream.of(point.parse(text));
        } catch (IllegalArgumentException notOne) {
            return Stream.empty();
        }
    }
}
