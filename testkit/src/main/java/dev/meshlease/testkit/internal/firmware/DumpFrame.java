package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;

/**
 * One message of a node's state dump. The bytes are kept besides the message, so that a recorded one goes out as it came in, with its
 * order of fields and with those that the types here do not know.
 */
public record DumpFrame(FromRadio message, ByteString bytes) {
    public static DumpFrame of(FromRadio message) {
        return new DumpFrame(message, message.toByteString());
    }

    public static DumpFrame parse(ByteString bytes) throws InvalidProtocolBufferException {
        return new DumpFrame(FromRadio.parseFrom(bytes), bytes);
    }
}
