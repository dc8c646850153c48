package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A broadcast in meshes of any shape: it gets as far as its hops allow, to each node once, and comes to rest: nobody transmits it twice. */
class FloodTest {
    private static final int FAR = 1000;

    @Property(tries = 150)
    void a_broadcast_with_hops_enough_reaches_whom_it_can_reach_at_all(
            @ForAll @IntRange(min = 2, max = 7) int size, @ForAll long seed) {
        Random random = new Random(seed);
        boolean[][] hears = new boolean[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                hears[i][j] = hears[j][i] = random.nextInt(3) == 0;
            }
        }

        floods(hears, random.nextInt(size), 7);
    }

    @Property(tries = 150)
    void where_there_is_one_way_only_hops_are_counted_exactly(
            @ForAll @IntRange(min = 2, max = 9) int size,
            @ForAll @IntRange(min = 0, max = 7) int hops,
            @ForAll long seed) {
        Random random = new Random(seed);
        boolean[][] hears = new boolean[size][size];
        for (int i = 1; i < size; i++) {
            int parent = random.nextInt(i);
            hears[i][parent] = hears[parent][i] = true;
        }

        floods(hears, random.nextInt(size), hops);
    }

    /** The members' radios are simulated ones as well, so that their clients see what is transmitted. */
    private static void floods(boolean[][] hears, int origin, int hops) {
        HandSteppedHost host = new HandSteppedHost();
        SimulatedMesh mesh = SimulatedMesh.create();
        List<Bench> members = new ArrayList<>();
        List<Bench.Client> clients = new ArrayList<>();
        for (int i = 0; i < hears.length; i++) {
            members.add(Bench.on(host, SimulatedNode.builder().mesh(mesh).with(Switch.SIMULATED_RADIO, true)));
            clients.add(members.get(i).ready());
            for (int j = 0; j < i; j++) {
                if (!hears[i][j]) {
                    mesh.cut(members.get(i).node, members.get(j).node);
                }
            }
        }

        clients.get(origin)
                .sends(Bench.broadcast(1, "flood").toBuilder().setHopLimit(hops).build());
        host.advance(Duration.ofMinutes(1));

        int[] distance = distances(hears, origin);
        for (int i = 0; i < hears.length; i++) {
            boolean hearsIt = i != origin && distance[i] <= hops + 1;
            boolean transmits = distance[i] <= hops;
            assertThat(clients.get(i).texts()).hasSize(hearsIt ? 1 : 0);
            assertThat(clients.get(i).echoes()).hasSize(transmits ? 1 : 0);
        }
    }

    private static int[] distances(boolean[][] hears, int origin) {
        int[] distance = new int[hears.length];
        Arrays.fill(distance, FAR);
        distance[origin] = 0;
        for (int round = 0; round < hears.length; round++) {
            for (int i = 0; i < hears.length; i++) {
                for (int j = 0; j < hears.length; j++) {
                    if (hears[i][j]) {
                        distance[j] = Math.min(distance[j], distance[i] + 1);
                    }
                }
            }
        }
        return distance;
    }
}
