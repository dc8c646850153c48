package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.internal.firmware.Antenna;
import dev.meshlease.testkit.internal.firmware.Ether;
import dev.meshlease.testkit.internal.firmware.Transmission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The air between simulated nodes: what one of them transmits reaches those that hear it, which repeat it as far as its hops go.
 *
 * <pre>{@code
 * SimulatedMesh mesh = SimulatedMesh.create();
 * SimulatedNode home = SimulatedNode.builder().mesh(mesh).start();
 * SimulatedNode hill = SimulatedNode.builder().mesh(mesh).start();
 * SimulatedNode hut = SimulatedNode.builder().mesh(mesh).start();
 * mesh.line(home, hill, hut); // home and hut hear each other only by way of hill
 * }</pre>
 *
 * <p>At first all nodes hear each other. A node that starts is known to the others with its name and key, and knows them, as if they had
 * been neighbours for long. Each repeats a packet once, if it has hops left; acks, direct messages and traceroutes go the same way, and
 * an implicit ack comes of hearing one's own packet repeated. A packet on a channel is understood where that channel has the same name and
 * key. The peers of a node, {@link SimulatedNode#peer}, are heard by that node alone; what they say is repeated by it.
 *
 * <p>The nodes may be on TCP or in memory; those in memory must be in one environment.
 *
 * <p><b>Threading:</b> safe from any thread. A change counts for all that is transmitted afterwards.
 */
public final class SimulatedMesh {
    private static final Link USUAL = new Link(true, 6.25f);
    private static final double WEAKEST = -32;
    private static final double STRONGEST = 31.75;

    private final Map<NodeId, Antenna> present = new LinkedHashMap<>();
    private final Set<NodeId> known = new HashSet<>();
    private final Map<Pair, Link> links = new HashMap<>();
    private final Ether ether = new Air();

    private record Link(boolean isThere, float snr) {}

    /** Two nodes, whichever is named first. */
    private record Pair(NodeId one, NodeId other) {
        static Pair of(NodeId one, NodeId other) {
            return one.compareTo(other) < 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    private SimulatedMesh() {}

    /** A mesh without nodes. */
    public static SimulatedMesh create() {
        return new SimulatedMesh();
    }

    /** The nodes that are there, in the order of their start. One that is closed is not. */
    public synchronized List<NodeId> nodes() {
        return List.copyOf(present.keySet());
    }

    /**
     * Has two nodes hear each other.
     *
     * @throws IllegalArgumentException if they are one, or one is not of this mesh
     */
    public void connect(SimulatedNode one, SimulatedNode other) {
        put(one, other, USUAL);
    }

    /**
     * Has two nodes hear each other more or less well. Nothing is lost on a weak link; the number is for what nodes report.
     *
     * @param snr the signal-to-noise ratio in dB, -32 to 31.75; 6.25 where nothing was said
     * @throws IllegalArgumentException if they are one, one is not of this mesh, or the ratio is out of range
     */
    public void connect(SimulatedNode one, SimulatedNode other, double snr) {
        if (!(snr >= WEAKEST && snr <= STRONGEST)) {
            throw new IllegalArgumentException("An SNR goes from -32 to 31.75 dB, not " + snr);
        }
        put(one, other, new Link(true, (float) snr));
    }

    /**
     * Has two nodes not hear each other.
     *
     * @throws IllegalArgumentException if they are one, or one is not of this mesh
     */
    public void cut(SimulatedNode one, SimulatedNode other) {
        put(one, other, new Link(false, 0));
    }

    /**
     * Has each of these nodes hear the one before and the one after it, and none of the others named here.
     *
     * @throws IllegalArgumentException if one is named twice, or is not of this mesh
     */
    public void line(SimulatedNode... nodes) {
        for (int i = 0; i < nodes.length; i++) {
            for (int j = i + 1; j < nodes.length; j++) {
                if (j == i + 1) {
                    connect(nodes[i], nodes[j]);
                } else {
                    cut(nodes[i], nodes[j]);
                }
            }
        }
    }

    private synchronized void put(SimulatedNode one, SimulatedNode other, Link link) {
        for (SimulatedNode node : List.of(one, other)) {
            if (!present.containsKey(node.id())) {
                throw new IllegalArgumentException(
                        node + " is not in this mesh, or has been closed. Say builder().mesh(...) before it starts");
            }
        }
        if (one.id().equals(other.id())) {
            throw new IllegalArgumentException(one + " always hears itself. Name two nodes");
        }
        links.put(Pair.of(one.id(), other.id()), link);
    }

    Ether ether() {
        return ether;
    }

    private synchronized List<Antenna> join(Antenna newcomer) {
        if (!known.add(newcomer.id())) {
            throw new IllegalArgumentException(
                    "This mesh has or had a node " + newcomer.id() + ". Give the new one a number of its own, or none");
        }
        List<Antenna> others = List.copyOf(present.values());
        present.put(newcomer.id(), newcomer);
        return others;
    }

    private synchronized void leave(Antenna antenna) {
        present.remove(antenna.id());
    }

    private synchronized boolean isKnown(NodeId id) {
        return known.contains(id);
    }

    /** One that hears another. */
    private record Hearer(Antenna antenna, float snr) {}

    private synchronized List<Hearer> hearers(NodeId sender) {
        List<Hearer> hearers = new ArrayList<>();
        present.forEach((id, antenna) -> {
            Link link = links.getOrDefault(Pair.of(sender, id), USUAL);
            if (!id.equals(sender) && link.isThere()) {
                hearers.add(new Hearer(antenna, link.snr()));
            }
        });
        return hearers;
    }

    /** What the nodes see of the mesh. Nothing of theirs is called with the mesh's lock. */
    private final class Air implements Ether {
        @Override
        public void join(Antenna antenna) {
            SimulatedMesh.this.join(antenna).forEach(other -> {
                other.introduceTo(antenna);
                antenna.introduceTo(other);
            });
        }

        @Override
        public void leave(Antenna antenna) {
            SimulatedMesh.this.leave(antenna);
        }

        @Override
        public void carry(Antenna sender, Transmission transmission) {
            hearers(sender.id()).forEach(hearer -> hearer.antenna().receive(transmission, hearer.snr()));
        }

        @Override
        public boolean knows(NodeId id) {
            return isKnown(id);
        }
    }
}
