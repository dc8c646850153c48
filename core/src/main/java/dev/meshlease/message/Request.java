package dev.meshlease.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A question to a node, and how to read the answer. Each call gives a changed copy.
 *
 * <p>A node may stay silent on purpose: it suppresses answers it gave lately (a position within 3 minutes, for instance). So every
 * request has a deadline, {@link #DEFAULT_DEADLINE} if nothing else is said.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param <R> the type of the answer
 */
public final class Request<R> {
    /** How long an answer is waited for if nothing else is said, time in the outbox included. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

    private final Optional<NodeId> node;
    private final Data question;
    private final int channel;
    private final Function<InboundPacket, R> reader;
    private final Duration deadline;

    private Request(
            Optional<NodeId> node, Data question, int channel, Function<InboundPacket, R> reader, Duration deadline) {
        this.node = node;
        this.question = question;
        this.channel = channel;
        this.reader = reader;
        this.deadline = deadline;
    }

    /** Where a node is. */
    public static Request<Position> position(NodeId node) {
        return of(node, PortNum.POSITION_APP_VALUE, ByteString.EMPTY, Position::parseFrom);
    }

    /** The way to a node and back. A node sends one of these per 30 s at the most; the link keeps that interval. */
    public static Request<RouteDiscovery> traceroute(NodeId node) {
        return of(node, PortNum.TRACEROUTE_APP_VALUE, ByteString.EMPTY, RouteDiscovery::parseFrom);
    }

    /** Battery, voltage and airtime of a node; the answer has {@code device_metrics}. */
    public static Request<Telemetry> telemetry(NodeId node) {
        return telemetry(node, Telemetry.VariantCase.DEVICE_METRICS);
    }

    /**
     * One group of a node's measurements. A node without such a sensor does not answer.
     *
     * @param group which; the answer has the same
     */
    public static Request<Telemetry> telemetry(NodeId node, Telemetry.VariantCase group) {
        FieldDescriptor field = Telemetry.getDescriptor().findFieldByNumber(group.getNumber());
        if (field == null) {
            throw new IllegalArgumentException(group + " is no group of measurements; take DEVICE_METRICS, for one");
        }
        Telemetry.Builder wanted = Telemetry.newBuilder();
        wanted.setField(field, wanted.newBuilderForField(field).build());
        return of(node, PortNum.TELEMETRY_APP_VALUE, wanted.build().toByteString(), payload -> {
            Telemetry answer = Telemetry.parseFrom(payload);
            if (answer.getVariantCase() != group) {
                throw new InvalidProtocolBufferException(answer.getVariantCase() + " instead of " + group);
            }
            return answer;
        });
    }

    /**
     * Who a node is. The question introduces the own node to it, as nodes do. A node that has said so within the last 12 hours, or whose
     * channel is busy, does not answer.
     */
    public static Request<User> nodeInfo(NodeId node) {
        return of(node, PortNum.NODEINFO_APP_VALUE, ByteString.EMPTY, User::parseFrom);
    }

    /** Firmware version and abilities of the link's own node. */
    public static Request<DeviceMetadata> metadata() {
        return admin(
                AdminMessage.newBuilder().setGetDeviceMetadataRequest(true),
                AdminMessage::hasGetDeviceMetadataResponse,
                AdminMessage::getGetDeviceMetadataResponse);
    }

    /** The name of the link's own node. */
    public static Request<User> owner() {
        return admin(
                AdminMessage.newBuilder().setGetOwnerRequest(true),
                AdminMessage::hasGetOwnerResponse,
                AdminMessage::getGetOwnerResponse);
    }

    /** One section of the configuration of the link's own node, as it is now. */
    public static Request<Config> config(AdminMessage.ConfigType section) {
        return admin(
                AdminMessage.newBuilder().setGetConfigRequest(section),
                AdminMessage::hasGetConfigResponse,
                AdminMessage::getGetConfigResponse);
    }

    /** One section of the module configuration of the link's own node, as it is now. */
    public static Request<ModuleConfig> moduleConfig(AdminMessage.ModuleConfigType section) {
        return admin(
                AdminMessage.newBuilder().setGetModuleConfigRequest(section),
                AdminMessage::hasGetModuleConfigResponse,
                AdminMessage::getGetModuleConfigResponse);
    }

    /**
     * One channel of the link's own node, as it is now.
     *
     * @param index 0 (the primary) to 7
     */
    public static Request<Channel> channel(int index) {
        if (index < 0 || index > 7) {
            throw new IllegalArgumentException("The channel index goes from 0 to 7, not " + index);
        }
        return admin(
                AdminMessage.newBuilder().setGetChannelRequest(index + 1),
                AdminMessage::hasGetChannelResponse,
                AdminMessage::getGetChannelResponse);
    }

    /** Any question that is answered on the port it is asked on. */
    public static <R> Request<R> of(NodeId node, int port, ByteString payload, Decoder<R> decoder) {
        Objects.requireNonNull(node, "node");
        return of(Optional.of(node), port, payload, decoder);
    }

    private static <R> Request<R> of(Optional<NodeId> node, int port, ByteString payload, Decoder<R> decoder) {
        Objects.requireNonNull(decoder, "decoder");
        Data question = Data.newBuilder()
                .setPortnumValue(port)
                .setPayload(payload)
                .setWantResponse(true)
                .build();
        return new Request<>(node, question, 0, packet -> read(packet, port, decoder), DEFAULT_DEADLINE);
    }

    private static <M extends MessageLite> Request<M> admin(
            AdminMessage.Builder question, Function<AdminMessage, Boolean> has, Function<AdminMessage, M> get) {
        return of(Optional.empty(), PortNum.ADMIN_APP_VALUE, question.build().toByteString(), payload -> {
            AdminMessage answer = AdminMessage.parseFrom(payload);
            if (!has.apply(answer)) {
                throw new InvalidProtocolBufferException(
                        "an admin message with " + answer.getPayloadVariantCase() + " instead of the answer");
            }
            return get.apply(answer);
        });
    }

    private static <R> R read(InboundPacket packet, int port, Decoder<R> decoder) {
        if (packet.port() != port) {
            throw new IllegalArgumentException("asked on port " + port + ", answered on port " + packet.port());
        }
        try {
            return decoder.decode(packet.proto().getDecoded().getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalArgumentException(malformed.getMessage(), malformed);
        }
    }

    /**
     * On this channel.
     *
     * @param index 0 (the primary) to 7
     */
    public Request<R> onChannel(int index) {
        if (index < 0 || index > 7) {
            throw new IllegalArgumentException("The channel index goes from 0 to 7, not " + index);
        }
        return new Request<>(node, question, index, reader, deadline);
    }

    /** How long to wait for the answer, time in the outbox included. */
    public Request<R> within(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A deadline must be positive, not " + deadline);
        }
        return new Request<>(node, question, channel, reader, deadline);
    }

    /** The same question; the answer comes with the packet that carried it. */
    public Request<Reply<R>> withPacket() {
        return new Request<>(node, question, channel, packet -> new Reply<>(reader.apply(packet), packet), deadline);
    }

    /** Who is asked; empty for the link's own node. */
    public Optional<NodeId> node() {
        return node;
    }

    /** The port of question and answer. */
    public int port() {
        return question.getPortnumValue();
    }

    /** How long the answer is waited for. */
    public Duration deadline() {
        return deadline;
    }

    /**
     * The question as a packet.
     *
     * @param own the link's own node, which is asked where no other is named, and which introduces itself with {@link #nodeInfo}
     */
    public MeshPacket proto(NodeInfo own) {
        Data.Builder asked = question.toBuilder();
        if (port() == PortNum.NODEINFO_APP_VALUE && question.getPayload().isEmpty()) {
            asked.setPayload(own.getUser().toByteString());
        }
        return MeshPacket.newBuilder()
                .setTo(node.map(NodeId::number).orElse(own.getNum()))
                .setChannel(channel)
                .setDecoded(asked)
                .build();
    }

    /**
     * Reads the answer. Runs the user's decoder.
     *
     * @throws IllegalArgumentException if it is not of the kind asked for
     */
    public R read(InboundPacket answer) {
        return reader.apply(answer);
    }
}
