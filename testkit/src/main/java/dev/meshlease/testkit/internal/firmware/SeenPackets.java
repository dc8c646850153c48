package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.MeshPacket;
import java.util.LinkedHashSet;
import java.util.Set;

/** The packets that the node has heard lately, by sender and id. */
final class SeenPackets {
    private static final int MOST = 256;

    private final Set<Origin> origins = new LinkedHashSet<>();

    private record Origin(int from, int id) {}

    /** Remembers a packet; returns whether it is new. Packets without an id are always new. */
    boolean add(MeshPacket packet) {
        if (packet.getId() == 0) {
            return true;
        }
        boolean isNew = origins.add(new Origin(packet.getFrom(), packet.getId()));
        if (origins.size() > MOST) {
            origins.remove(origins.iterator().next());
        }
        return isNew;
    }
}
