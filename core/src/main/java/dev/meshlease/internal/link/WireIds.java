package dev.meshlease.internal.link;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * Packets that had to go under another id than the one their sender knows, and what others say of them. The latest of them are
 * remembered for as long as anybody may answer.
 */
final class WireIds {
    static final int REMEMBERED = 256;

    private final IntSupplier reserve;
    private final Map<Integer, Integer> ownByWire;

    /**
     * @param reserve gives an id that nobody else uses
     * @param release takes it back
     */
    WireIds(IntSupplier reserve, IntConsumer release) {
        this.reserve = reserve;
        ownByWire = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
                boolean tooMany = size() > REMEMBERED;
                if (tooMany) {
                    release.accept(eldest.getKey());
                }
                return tooMany;
            }
        };
    }

    /** A fresh id on the wire for a packet that its sender knows under another. */
    int fresh(int own) {
        int wire = reserve.getAsInt();
        ownByWire.put(wire, own);
        return wire;
    }

    /** A packet from the node, with the ids of packets it refers to as their senders know them. */
    MeshPacket restored(MeshPacket packet) {
        if (ownByWire.isEmpty() || !packet.hasDecoded()) {
            return packet;
        }
        Data data = packet.getDecoded();
        Integer answered = ownByWire.get(data.getRequestId());
        Integer quoted = ownByWire.get(data.getReplyId());
        if (answered == null && quoted == null) {
            return packet;
        }
        Data.Builder restored = data.toBuilder();
        if (answered != null) {
            restored.setRequestId(answered);
        }
        if (quoted != null) {
            restored.setReplyId(quoted);
        }
        return packet.toBuilder().setDecoded(restored).build();
    }
}
