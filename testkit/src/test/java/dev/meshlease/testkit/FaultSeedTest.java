package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.fault.Fault;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The same seed makes the same trouble. */
class FaultSeedTest {
    private static final String FAULTS =
            "drop:chance=0.05+corrupt:chance=0.2+truncate:chance=0.02+garbage:chance=0.3+reset:at=node_info,chance=0.1";

    /** All that a client hears that connects again whenever it is cut off. */
    private static String conversation(long seed, String faults) {
        VirtualEnvironment environment = VirtualEnvironment.create(seed);
        StringBuilder heard = new StringBuilder();
        try (SimulatedNode node = SimulatedNode.builder()
                .number(new NodeId(0x1234))
                .longName("Node")
                .nodes(3)
                .fault(Fault.parseAll(faults).toArray(Fault[]::new))
                .start(environment)) {
            for (int i = 0; i < 10; i++) {
                MemoryClient client =
                        MemoryClient.open(environment, node.endpoint().address());
                client.writes(TcpClient.wantsConfig(i));
                environment.advance(Duration.ofSeconds(2));
                node.peers().get(i % 3).says("text " + i);
                client.writes(TcpClient.beat());
                environment.advance(Duration.ofSeconds(2));
                heard.append(Arrays.toString(client.received()))
                        .append(client.pieces)
                        .append(client.events);
            }
            heard.append(node.faults().strikes()).append(node.silentDrops());
            assertThat(node.faults().strikes()).isGreaterThan(20);
        }
        return heard.toString();
    }

    @Test
    void the_same_seed_makes_the_same_conversation_byte_for_byte() {
        assertThat(conversation(42, FAULTS)).isEqualTo(conversation(42, FAULTS));
    }

    @Test
    void another_seed_makes_another_one() {
        assertThat(conversation(43, FAULTS)).isNotEqualTo(conversation(42, FAULTS));
    }

    @Test
    void one_fault_more_changes_nothing_for_the_others() {
        assertThat(heard("drop:chance=0.2,to=client+delay:by=1ms,chance=0.5"))
                .isEqualTo(heard("drop:chance=0.2,to=client"))
                .contains("+", "-");
    }

    /** For each of the node's words in turn, whether it was heard. */
    private static String heard(String faults) {
        Bench bench =
                Bench.of(SimulatedNode.builder().fault(Fault.parseAll(faults).toArray(Fault[]::new)));
        Bench.Client client = bench.connect();
        StringBuilder heard = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            int before = client.received().size();
            client.beats(0);
            bench.host.advance(Bench.MOMENT);
            heard.append(client.received().size() > before ? '+' : '-');
        }
        return heard.toString();
    }
}
