package dev.meshlease.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client was told, by kind and order: without numbers that the node chooses, times, texts, how many other nodes it knows, and what
 * it says of its own accord.
 */
final class MessageKinds {
    private static final String HEARTBEAT = "answer to a heartbeat";
    private static final String NODE = "node_info";
    private static final String COMPLETE = "config_complete ";
    /** Nodes report of themselves whenever it is time. */
    private static final Set<PortNum> OWN_ACCORD =
            Set.of(PortNum.TELEMETRY_APP, PortNum.NODEINFO_APP, PortNum.POSITION_APP);

    private final Set<Integer> sentIds;

    /**
     * @param sentIds the ids of the packets that clients sent
     */
    MessageKinds(Set<Integer> sentIds) {
        this.sentIds = sentIds;
    }

    List<String> of(List<FromRadio> messages) {
        List<String> kinds = new ArrayList<>();
        for (FromRadio message : messages) {
            kind(message).ifPresent(kind -> add(kinds, kind));
        }
        return kinds;
    }

    private static void add(List<String> kinds, String kind) {
        String last = kinds.isEmpty() ? "" : kinds.get(kinds.size() - 1);
        if (kind.startsWith(COMPLETE)) {
            while (!kinds.isEmpty() && kinds.get(kinds.size() - 1).equals(NODE)) {
                kinds.remove(kinds.size() - 1);
            }
        }
        // Several heartbeats in one poll have one answer; and the first client is told so much unasked.
        if (!kind.equals(HEARTBEAT) || !(last.equals(HEARTBEAT) || last.startsWith(COMPLETE))) {
            kinds.add(kind);
        }
    }

    private Optional<String> kind(FromRadio message) {
        return switch (message.getPayloadVariantCase()) {
            case FILEINFO, LOG_RECORD, REBOOTED -> Optional.empty();
            case NODE_INFO -> Optional.of(NODE);
            case CONFIG -> Optional.of("config " + section(message.getConfig()));
            case MODULECONFIG -> Optional.of("module config " + section(message.getModuleConfig()));
            case CHANNEL -> Optional.of("channel " + message.getChannel().getIndex());
            case CONFIG_COMPLETE_ID -> Optional.of(COMPLETE + Integer.toUnsignedString(message.getConfigCompleteId()));
            case QUEUESTATUS ->
                status(
                        message.getQueueStatus().getRes(),
                        message.getQueueStatus().getMeshPacketId());
            case PACKET -> packet(message.getPacket());
            default -> Optional.of(message.getPayloadVariantCase().name());
        };
    }

    private static String section(Config config) {
        return config.getPayloadVariantCase().name();
    }

    private static String section(ModuleConfig config) {
        return config.getPayloadVariantCase().name();
    }

    private Optional<String> status(int res, int packetId) {
        if (packetId == 0) {
            return Optional.of(HEARTBEAT);
        }
        return sentIds.contains(packetId) ? Optional.of("status " + res + " of a sent packet") : Optional.empty();
    }

    private Optional<String> packet(MeshPacket packet) {
        if (!packet.hasDecoded()) {
            return Optional.of("an encrypted packet");
        }
        Data data = packet.getDecoded();
        boolean ofSent = sentIds.contains(data.getRequestId());
        return switch (data.getPortnum()) {
            case ROUTING_APP -> ofSent ? Optional.of("ROUTING_APP " + verdict(data)) : Optional.empty();
            case SIMULATOR_APP ->
                sentIds.contains(packet.getId()) ? Optional.of("echo of a sent packet") : Optional.empty();
            default -> {
                if (data.getRequestId() != 0) {
                    yield Optional.of(data.getPortnum() + (ofSent ? " answers a sent packet" : " answers"));
                }
                yield OWN_ACCORD.contains(data.getPortnum())
                        ? Optional.empty()
                        : Optional.of(data.getPortnum().toString());
            }
        };
    }

    private static Routing.Error verdict(Data data) {
        try {
            return Routing.parseFrom(data.getPayload()).getErrorReason();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
