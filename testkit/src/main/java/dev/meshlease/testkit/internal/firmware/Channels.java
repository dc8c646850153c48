package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Channel;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The node's channel slots, as the radio sees them. On the node's thread. */
final class Channels {
    private static final int SLOTS = 8;
    private static final ChannelKey NONE = new ChannelKey("", ByteString.EMPTY);

    private final NodeState state;

    Channels(NodeState state) {
        this.state = state;
    }

    boolean isUsable(int slot) {
        return slot == 0
                || state.channel(slot)
                        .filter(channel -> channel.getRole() != Channel.Role.DISABLED)
                        .isPresent();
    }

    ChannelKey key(int slot) {
        return state.channel(slot).map(ChannelKey::of).orElse(NONE);
    }

    /** The slot that holds a channel here, if there is one. */
    OptionalInt slotOf(ChannelKey key) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> isUsable(slot) && key(slot).equals(key))
                .findFirst();
    }
}
