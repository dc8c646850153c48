package dev.meshlease.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * Turns a payload into a value. {@code Position::parseFrom} is one.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Decodes one payload.
     *
     * @throws InvalidProtocolBufferException if the bytes are none of its kind
     */
    T decode(ByteString payload) throws InvalidProtocolBufferException;
}
