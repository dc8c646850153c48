package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.node.Behaviour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that makes one simulated node different from another.
 *
 * @param behaviour how its firmware behaves
 * @param volts what it measures of its supply
 * @param dump what it tells a client that asks for its state, in order, without the closing {@code config_complete_id}; other nodes, and
 *     packets that say what they said of themselves, may stand anywhere between
 * @param factory what it would tell if nobody had ever configured it
 * @param onAir the other nodes that are within reach from the start
 * @param traffic packets to be played again on request
 * @param isRecorded whether all this comes from a recording
 * @param file where it keeps its state, or null if it forgets it
 * @param onExit what happens when a client ends the simulation
 */
public record NodeProfile(
        Behaviour behaviour,
        float volts,
        List<DumpFrame> dump,
        List<DumpFrame> factory,
        List<NodeId> onAir,
        List<TimedPacket> traffic,
        boolean isRecorded,
        @Nullable StateFile file,
        Runnable onExit) {
    public NodeProfile {
        dump = List.copyOf(dump);
        factory = List.copyOf(factory);
        onAir = List.copyOf(onAir);
        traffic = List.copyOf(traffic);
    }
}
