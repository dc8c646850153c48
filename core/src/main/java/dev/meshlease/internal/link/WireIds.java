package dev.meshlease.internal.link;

import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.MeshPacket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Packets that had to go under another id than the one their sender knows, and what others say of them. The latest of them are
 * remembered for as long as anybody may answer.
 */
final class WireIds {
    static final int REMEMBERED = 256;

    private final PacketIds ids;
    private final Map<Integer, Integer> ownByWire;

    WireIds(PacketIds ids) {
        this.ids = ids;
        ownByWire = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
                boolean tooMany = size() > REMEMBERED;
                if (tooMany) {
                    ids.release(eldest.getKey());
                }
                return tooMany;
            }
        };
    }

    /** A fresh id on the wire for a packet that its sender knows under another. */
    int fresh(int own) {
        int wire = ids.reserve();
        ownByWire.put(wire, own);
        return wire;
    }

    /** A packet for the node, with the id of the packet it quotes as others have heard it. */
    MeshPacket onWire(MeshPacket packet) {
        int quoted = packet.getDecoded().getReplyId();
        return ownByWire.entrySet().stream()
                .filter(known -> quoted != 0 && known.getValue() == quoted)
                .reduce((earlier, last) -> last)
                .map(last -> {
                    MeshPacket.Builder quoting = packet.toBuilder();
                    quoting.getDecodedBuilder().setReplyId(last.getKey());
                    return quoting.build();
                })
                .orElse(packet);
    }

    /** A packet from the node, with the ids of packets it refers to as their senders know them. */
    WirePacket restored(WirePacket packet) {
        if (ownByWire.isEmpty()) {
            return packet;
        }
        Integer answered = ownByWire.get(packet.requestId());
        Integer quoted = ownByWire.get(packet.replyId());
        if (answered == null && quoted == null) {
            return packet;
        }
        MeshPacket.Builder restored = packet.proto().toBuilder();
        if (answered != null) {
            restored.getDecodedBuilder().setRequestId(answered);
        }
        if (quoted != null) {
            restored.getDecodedBuilder().setReplyId(quoted);
        }
        return WirePacket.of(restored.build());
    }
}
