package dev.meshlease.testkit.cli;

import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the peers of a node say of their own accord: mostly texts, now and then where they are or how their battery is. */
final class Traffic {
    private static final double HOME_LATITUDE = 48.2;
    private static final double HOME_LONGITUDE = 16.4;

    private final List<SimulatedPeer> peers;
    private final RandomGenerator random;
    private int count;

    Traffic(SimulatedNode node, RandomGenerator random) {
        this.peers = node.peers();
        this.random = random;
    }

    void next() {
        SimulatedPeer peer = peers.get(random.nextInt(peers.size()));
        count++;
        switch (random.nextInt(4)) {
            case 0 -> peer.isAt(HOME_LATITUDE + random.nextDouble(0.1), HOME_LONGITUDE + random.nextDouble(0.1));
            case 1 ->
                peer.reports(Telemetry.newBuilder()
                        .setDeviceMetrics(DeviceMetrics.newBuilder().setBatteryLevel(random.nextInt(20, 101)))
                        .build());
            default -> peer.says("message " + count);
        }
    }
}
