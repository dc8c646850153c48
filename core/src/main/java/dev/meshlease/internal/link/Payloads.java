package dev.meshlease.internal.link;

import com.google.protobuf.ByteString;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What fits one radio frame. The node wants the encoded {@code Data}, with a two-byte bitfield that it adds, within 239 bytes, and drops
 * in silence what has a payload above 233. (Measured: 232 bytes of text pass, 233 are answered TOO_LARGE, 240 not at all.) A direct
 * message that the node encrypts for its destination's key has 12 bytes less: 220 bytes of text. A node does so if it has a key and knows
 * the destination's, unless it is a ham's or the channel is one for a serial port or pins (source: the firmware's Router and RadioInterface).
 * A daemon with a simulated radio never does, but does not tell that it is one.
 */
public final class Payloads {
    private static final int MAX_DATA_BYTES = 239;
    private static final int BITFIELD_BYTES = 2;
    private static final int KEY_BYTES = 32;
    private static final int ENCRYPTION_BYTES = 12;
    private static final Set<String> WITHOUT_KEYS = Set.of("serial", "gpio");

    private Payloads() {}

    /**
     * Whether a packet is too long, and how long its payload may be at the most.
     *
     * @param node what the node has told, if it has
     * @return the limit, in bytes of payload; empty if the packet fits
     */
    public static OptionalInt exceeded(MeshPacket packet, @Nullable NodeSnapshot node) {
        if (!packet.hasDecoded()) {
            return OptionalInt.empty();
        }
        Data data = packet.getDecoded();
        int withBitfield = data.getSerializedSize() + (data.hasBitfield() ? 0 : BITFIELD_BYTES);
        int room = MAX_DATA_BYTES - (isForOneKey(packet, node) ? ENCRYPTION_BYTES : 0);
        int overhead = withBitfield - data.getPayload().size();
        return withBitfield > room ? OptionalInt.of(room - overhead) : OptionalInt.empty();
    }

    private static boolean isForOneKey(MeshPacket packet, @Nullable NodeSnapshot node) {
        NodeId to = new NodeId(packet.getTo());
        if (packet.getPkiEncrypted()) {
            return true;
        }
        return node != null
                && !to.isBroadcast()
                && !to.equals(node.id())
                && isPrivate(packet.getDecoded())
                && node.channels().stream()
                        .filter(channel -> channel.getIndex() == packet.getChannel())
                        .noneMatch(channel -> WITHOUT_KEYS.contains(
                                channel.getSettings().getName().toLowerCase(Locale.ROOT)))
                && node.node(to).stream()
                        .anyMatch(known -> isKey(known.getUser().getPublicKey()))
                && node.configs().stream()
                        .anyMatch(config -> isKey(config.getSecurity().getPublicKey()))
                && node.node(node.id()).stream().noneMatch(own -> own.getUser().getIsLicensed());
    }

    private static boolean isPrivate(Data data) {
        return switch (data.getPortnum()) {
            case TRACEROUTE_APP, NODEINFO_APP, ROUTING_APP, POSITION_APP -> false;
            default -> true;
        };
    }

    private static boolean isKey(ByteString bytes) {
        return bytes.size() == KEY_BYTES;
    }
}
