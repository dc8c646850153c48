package dev.meshlease.internal.lease;

import dev.meshlease.Endpoint;
import dev.meshlease.MessageTooLongException;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;

/**
 * What fits one radio frame. The node wants the encoded {@code Data}, with a two-byte bitfield that it adds, within 239 bytes, and drops
 * in silence what has a payload above 233. (Measured: 232 bytes of text pass, 233 are answered TOO_LARGE, 240 not at all.) A direct
 * message that the node encrypts for its destination's key has 12 bytes less; whether it does so only the node knows, and it says so.
 */
final class Payloads {
    private static final int MAX_DATA_BYTES = 239;
    private static final int BITFIELD_BYTES = 2;

    private Payloads() {}

    static void requireFits(MeshPacket packet, Endpoint endpoint, String holder) {
        if (!packet.hasDecoded()) {
            return;
        }
        Data data = packet.getDecoded();
        int payload = data.getPayload().size();
        int withBitfield = data.getSerializedSize() + (data.hasBitfield() ? 0 : BITFIELD_BYTES);
        if (withBitfield > MAX_DATA_BYTES) {
            int overhead = withBitfield - payload;
            throw new MessageTooLongException(payload, MAX_DATA_BYTES - overhead, endpoint, holder);
        }
    }
}
