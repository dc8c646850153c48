package dev.meshlease.testkit.internal.transcript;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The packets that clients have handed to a node, and which of them somebody has expected. The latest 10,000. On the node's thread. */
public final class Claims {
    private static final int MOST = 10_000;
    private static final ByteString METADATA_QUESTION =
            AdminMessage.newBuilder().setGetDeviceMetadataRequest(true).build().toByteString();

    private final ArrayDeque<Received> packets = new ArrayDeque<>();

    private static final class Received {
        final MeshPacket packet;
        boolean claimed;

        Received(MeshPacket packet) {
            this.packet = packet;
        }
    }

    void add(MeshPacket packet) {
        if (packets.size() == MOST) {
            packets.remove();
        }
        packets.add(new Received(packet));
    }

    /** All of them. */
    public List<MeshPacket> all() {
        return packets.stream().map(received -> received.packet).toList();
    }

    /** Claims all that match; returns how many that are. */
    public int claim(Predicate<? super MeshPacket> wanted) {
        int count = 0;
        for (Received received : packets) {
            if (wanted.test(received.packet)) {
                received.claimed = true;
                count++;
            }
        }
        return count;
    }

    /**
     * Those that nobody has claimed, but for repeats of those that somebody has, and for signs of life: links ask nodes with old firmware
     * for their metadata, which tests do not see coming.
     */
    public List<MeshPacket> unclaimed(NodeId own) {
        Set<MeshPacket> claimed = packets.stream()
                .filter(received -> received.claimed)
                .map(received -> received.packet)
                .collect(Collectors.toSet());
        return packets.stream()
                .filter(received -> !received.claimed && !isSignOfLife(received.packet, own))
                .filter(received -> received.packet.getId() == 0 || !claimed.contains(received.packet))
                .map(received -> received.packet)
                .toList();
    }

    private static boolean isSignOfLife(MeshPacket packet, NodeId own) {
        Data data = packet.getDecoded();
        return packet.getTo() == own.number()
                && data.getPortnum() == PortNum.ADMIN_APP
                && data.getWantResponse()
                && data.getPayload().equals(METADATA_QUESTION);
    }
}
