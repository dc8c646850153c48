package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.MeshPacket;

/**
 * A packet as it is on air.
 *
 * @param packet the packet, its payload readable here even if it counts as encrypted
 * @param channel what it is encrypted with, unless it is for one key
 */
public record Transmission(MeshPacket packet, ChannelKey channel) {
    private static final int HEADER_BYTES = 16;
    private static final int KEY_BYTES = 12;
    private static final int LORA_FRAME_BYTES = 255;

    boolean is(int from, int id) {
        return packet.getFrom() == from && packet.getId() == id;
    }

    /** Its length, header included. */
    int bytes() {
        int content = packet.hasEncrypted()
                ? packet.getEncrypted().size()
                : packet.getDecoded().getSerializedSize();
        return HEADER_BYTES + content + (packet.getPkiEncrypted() ? KEY_BYTES : 0);
    }

    boolean isTooLarge() {
        return bytes() > LORA_FRAME_BYTES;
    }
}
