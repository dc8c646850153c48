package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.fault.AnyFault;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.internal.firmware.Witness;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever faults a node has, it goes on, and once they are over it serves the next client. */
class FaultStormTest {
    private static final int LONGEST_MILLIS = 20_000;
    private static final List<Variant> VARIANTS =
            List.of(Variant.esp32Wifi(), Variant.rak4631Ethernet(), Variant.nativeDaemon(), Variant.serialConsole());

    private static Fault[] faults(Random random) {
        return Stream.generate(() -> AnyFault.of(random, LONGEST_MILLIS))
                .limit(random.nextInt(1, 6))
                .toArray(Fault[]::new);
    }

    @Property(tries = 400)
    void a_node_survives_any_faults(@ForAll long seed) {
        Random random = new Random(seed);
        Bench bench = Bench.of(SimulatedNode.builder()
                .nodes(3)
                .variant(VARIANTS.get(random.nextInt(VARIANTS.size())))
                .with(Switch.FRAME_TIME, Duration.ofMillis(random.nextInt(3)))
                .with(Switch.SEND_BUFFER, random.nextBoolean() ? 300 : 5744)
                .fault(faults(random)));
        List<Injection> injections = new ArrayList<>(List.of(bench.node.faults()));
        List<String> notes = new ArrayList<>();
        bench.firmware.watch(new Witness() {
            @Override
            public void noted(String what) {
                notes.add(what);
            }
        });
        Bench.Client cable = bench.turnOn();
        List<Bench.Client> clients = new ArrayList<>(List.of(bench.knocks()));
        for (int i = 0; i < 30; i++) {
            Bench.Client client = clients.get(clients.size() - 1);
            client.toleratesRubbish = true;
            switch (random.nextInt(8)) {
                case 0 -> clients.add(bench.knocks());
                case 1 -> client.wantsConfig(random.nextInt(1000));
                case 2 -> client.sends(Bench.broadcast(random.nextInt(100), "text " + i));
                case 3 -> bench.node.peers().get(0).says("text " + i);
                case 4 -> cable.wantsConfig(random.nextInt(1000));
                case 5 -> client.leaves();
                case 6 -> injections.add(bench.node.inject(faults(random)));
                default -> client.beats(0);
            }
            bench.host.advance(Duration.ofMillis(random.nextInt(4000)));
        }
        injections.forEach(Injection::close);
        bench.host.advance(Duration.ofSeconds(30)); // a restart, and what was late

        for (int i = 0;
                i < clients.size();
                i++) { // where newcomers starve, only an end makes room, for the next of them
            clients.forEach(Bench.Client::breaks);
            bench.host.advance(Duration.ofSeconds(1));
        }
        servesTheNext(bench, notes);
    }

    private static void servesTheNext(Bench bench, List<String> notes) {
        bench.host.advance(Duration.ofSeconds(5));
        Bench.Client next = bench.connect();
        bench.host.advance(Duration.ofSeconds(1));
        next.wantsConfig(77);
        bench.host.advance(Duration.ofSeconds(20));
        assertThat(next.received())
                .as(() -> String.join("\n", notes))
                .filteredOn(FromRadio::hasConfigCompleteId)
                .hasSize(1);
        assertThat(next.end).isEqualTo("none");
        bench.node.close();
        assertThat(next.end).isEqualTo("FIN");
    }
}
