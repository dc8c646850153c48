package dev.meshlease.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.NeighborInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import dev.meshlease.proto.Waypoint;
import java.util.Objects;
import java.util.function.Function;

/**
 * What a port number carries, and how to read and write it. Applications make their own for private ports (256 to 511).
 *
 * @param port the port number, 1 to 511
 * @param decoder reads a payload
 * @param encoder writes a value
 * @param <T> the type of the value
 */
public record PayloadType<T>(int port, Decoder<T> decoder, Function<T, ByteString> encoder) {
    /** UTF-8 text. */
    public static final PayloadType<String> TEXT =
            new PayloadType<>(PortNum.TEXT_MESSAGE_APP_VALUE, ByteString::toStringUtf8, ByteString::copyFromUtf8);

    public static final PayloadType<Position> POSITION = of(PortNum.POSITION_APP, Position::parseFrom);
    public static final PayloadType<User> NODE_INFO = of(PortNum.NODEINFO_APP, User::parseFrom);
    public static final PayloadType<Routing> ROUTING = of(PortNum.ROUTING_APP, Routing::parseFrom);
    public static final PayloadType<AdminMessage> ADMIN = of(PortNum.ADMIN_APP, AdminMessage::parseFrom);
    public static final PayloadType<Waypoint> WAYPOINT = of(PortNum.WAYPOINT_APP, Waypoint::parseFrom);
    public static final PayloadType<Telemetry> TELEMETRY = of(PortNum.TELEMETRY_APP, Telemetry::parseFrom);
    public static final PayloadType<RouteDiscovery> TRACEROUTE = of(PortNum.TRACEROUTE_APP, RouteDiscovery::parseFrom);
    public static final PayloadType<NeighborInfo> NEIGHBOR_INFO = of(PortNum.NEIGHBORINFO_APP, NeighborInfo::parseFrom);

    private static final int MAX_PORT = PortNum.MAX_VALUE;

    /**
     * @throws IllegalArgumentException if the port number is out of range
     */
    public PayloadType {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("Port numbers go from 1 to " + MAX_PORT + ", not " + port);
        }
        Objects.requireNonNull(decoder, "decoder");
        Objects.requireNonNull(encoder, "encoder");
    }

    private static <M extends MessageLite> PayloadType<M> of(PortNum port, Decoder<M> decoder) {
        return new PayloadType<>(port.getNumber(), decoder, MessageLite::toByteString);
    }
}
