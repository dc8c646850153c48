package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Channel;

/** What two nodes must have in common to understand each other on a channel; each may have it in another slot. */
public record ChannelKey(String name, ByteString psk) {
    static ChannelKey of(Channel channel) {
        return new ChannelKey(
                channel.getSettings().getName(), channel.getSettings().getPsk());
    }
}
