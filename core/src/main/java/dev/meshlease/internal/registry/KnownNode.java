package dev.meshlease.internal.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import org.jspecify.annotations.Nullable;

/**
 * One node of the mesh, as the node we are connected to knows it, and as it was heard since. How it is heard changes with every packet, so
 * that is noted without making anything; the whole is made when somebody asks.
 */
final class KnownNode {
    private NodeInfo told;
    private boolean isChanged;
    private int lastHeard;
    private float snr;
    private int hopsAway; // Negative while unknown.
    private boolean viaMqtt;

    KnownNode(NodeInfo told) {
        this.told = told;
        lastHeard = told.getLastHeard();
        snr = told.getSnr();
        hopsAway = told.hasHopsAway() ? told.getHopsAway() : -1;
        viaMqtt = told.getViaMqtt();
    }

    /** All that is known of it. */
    NodeInfo info() {
        if (isChanged) {
            NodeInfo.Builder info =
                    told.toBuilder().setLastHeard(lastHeard).setSnr(snr).setViaMqtt(viaMqtt);
            told = hopsAway < 0 ? info.build() : info.setHopsAway(hopsAway).build();
            isChanged = false;
        }
        return told;
    }

    /** It was heard. */
    void heard(InboundPacket packet) {
        WirePacket wire = packet.wire();
        long seconds =
                wire.rxTime() == 0 ? packet.reception().at().getEpochSecond() : Integer.toUnsignedLong(wire.rxTime());
        if (seconds > Integer.toUnsignedLong(lastHeard)) { // Not what is only said again.
            lastHeard = (int) seconds;
        }
        if (wire.rxSnr() != 0) {
            snr = wire.rxSnr();
        }
        if (wire.hopStart() != 0 && wire.hopLimit() <= wire.hopStart()) {
            hopsAway = wire.hopStart() - wire.hopLimit();
        }
        viaMqtt = wire.isViaMqtt();
        isChanged = true;
    }

    /** It said something, perhaps of itself. Nothing changes if that cannot be read. */
    void said(WirePacket packet) {
        try {
            switch (packet.port()) {
                case PortNum.NODEINFO_APP_VALUE -> introduced(User.parseFrom(payload(packet)), packet.channel());
                case PortNum.POSITION_APP_VALUE -> at(Position.parseFrom(payload(packet)));
                case PortNum.TELEMETRY_APP_VALUE -> measured(Telemetry.parseFrom(payload(packet)));
                default -> {} // Nothing of itself.
            }
        } catch (InvalidProtocolBufferException malformed) {
            // Then it has said nothing; whoever subscribes to packets sees what came.
        }
    }

    private static ByteString payload(WirePacket packet) {
        return packet.proto().getDecoded().getPayload();
    }

    /** Another key under the same number is not believed, as in the firmware. */
    private void introduced(User user, int channel) {
        User known = told.getUser();
        boolean isOther = !known.getPublicKey().isEmpty()
                && !user.getPublicKey().isEmpty()
                && !known.getPublicKey().equals(user.getPublicKey());
        if (!isOther) {
            String id = new NodeId(told.getNum()).toString();
            changed(info().toBuilder().setUser(user.toBuilder().setId(id)).setChannel(channel));
        }
    }

    /** One without a place says what time it is. */
    private void at(Position position) {
        if (position.getLatitudeI() != 0 || position.getLongitudeI() != 0) {
            changed(info().toBuilder().setPosition(position));
        }
    }

    private void measured(Telemetry telemetry) {
        if (telemetry.hasDeviceMetrics()) {
            changed(info().toBuilder().setDeviceMetrics(telemetry.getDeviceMetrics()));
        }
    }

    /** The names it was given. */
    void named(User user) {
        changed(info().toBuilder().setUser(user));
    }

    private void changed(NodeInfo.Builder info) {
        told = info.build();
    }

    /** What it is at first: a number. */
    static KnownNode of(int number) {
        return new KnownNode(NodeInfo.newBuilder().setNum(number).build());
    }

    /** Whether it is known as just this. */
    static boolean isKnown(@Nullable KnownNode known, NodeInfo as) {
        return known != null && known.info().equals(as);
    }
}
