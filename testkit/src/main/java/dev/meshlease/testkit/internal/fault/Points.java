package dev.meshlease.testkit.internal.fault;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Which point of a conversation a frame is. */
final class Points {
    private static final int HEADER = 4;

    private Points() {}

    /** Null if it is none that has a name, or no message at all. */
    static @Nullable Point of(Receiver to, byte[] frame) {
        CodedInputStream payload = CodedInputStream.newInstance(frame, HEADER, frame.length - HEADER);
        try {
            return to == Receiver.CLIENT
                    ? fromNode(FromRadio.parseFrom(payload).getPayloadVariantCase())
                    : fromClient(ToRadio.parseFrom(payload).getPayloadVariantCase());
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
    }

    private static @Nullable Point fromNode(FromRadio.PayloadVariantCase kind) {
        return switch (kind) {
            case MY_INFO -> Point.MY_INFO;
            case DEVICEUICONFIG -> Point.DEVICE_UI;
            case NODE_INFO -> Point.NODE_INFO;
            case METADATA -> Point.METADATA;
            case REGION_PRESETS -> Point.REGION_PRESETS;
            case CHANNEL -> Point.CHANNEL;
            case CONFIG -> Point.CONFIG;
            case MODULECONFIG -> Point.MODULE_CONFIG;
            case FILEINFO -> Point.FILE_INFO;
            case CONFIG_COMPLETE_ID -> Point.CONFIG_COMPLETE;
            case PACKET -> Point.PACKET;
            case QUEUESTATUS -> Point.QUEUE_STATUS;
            case CLIENTNOTIFICATION -> Point.NOTIFICATION;
            default -> null;
        };
    }

    private static @Nullable Point fromClient(ToRadio.PayloadVariantCase kind) {
        return switch (kind) {
            case WANT_CONFIG_ID -> Point.WANT_CONFIG;
            case PACKET -> Point.PACKET;
            case HEARTBEAT -> Point.HEARTBEAT;
            case DISCONNECT -> Point.DISCONNECT;
            default -> null;
        };
    }
}
