package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;

/** Nodes with faults, and what a client is told by one without. */
final class Faulty {
    static final byte[] CLEAN = dump(faulty());

    static Bench faulty(Fault... faults) {
        return Bench.of(SimulatedNode.builder()
                .number(new NodeId(0x1234))
                .longName("Node")
                .nodes(2)
                .with(Switch.RESTARTS_COUNTED, false)
                .fault(faults));
    }

    static byte[] dump(Bench bench) {
        return dump(asking(bench));
    }

    /** What the client has been told up to the end of the node's state, if that has come. */
    static byte[] dump(Bench.Client client) {
        ByteString bytes = ByteString.copyFrom(client.bytes());
        ByteString end = ByteString.copyFrom(completeFrame());
        for (int i = 0; i + end.size() <= bytes.size(); i++) {
            if (bytes.substring(i).startsWith(end)) {
                return bytes.substring(0, i + end.size()).toByteArray();
            }
        }
        return bytes.toByteArray();
    }

    static Bench.Client asking(Bench bench) {
        Bench.Client client = bench.connect();
        client.toleratesRubbish = true;
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        return client;
    }

    static boolean isComplete(Bench.Client client) {
        return client.received().stream().anyMatch(FromRadio::hasConfigCompleteId);
    }

    static byte[] completeFrame() {
        return NodeFraming.frame(
                FromRadio.newBuilder().setConfigCompleteId(1).build().toByteArray());
    }

    private Faulty() {}
}
