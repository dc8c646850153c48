package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.node.Behaviour;
import java.util.List;

/**
 * All that makes one simulated node different from another.
 *
 * @param behaviour how its firmware behaves
 * @param dump what it tells a client that asks for its state, in order, without the closing {@code config_complete_id}
 * @param onAir the other nodes that are within reach from the start
 * @param traffic packets to be played again on request
 * @param isRecorded whether all this comes from a recording
 */
public record NodeProfile(
        Behaviour behaviour, List<DumpFrame> dump, List<NodeId> onAir, List<TimedPacket> traffic, boolean isRecorded) {
    public NodeProfile {
        dump = List.copyOf(dump);
        onAir = List.copyOf(onAir);
        traffic = List.copyOf(traffic);
    }
}
