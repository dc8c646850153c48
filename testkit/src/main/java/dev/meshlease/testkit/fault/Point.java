package dev.meshlease.testkit.fault;

import org.jspecify.annotations.Nullable;

/** A point of a conversation, named for the kind of message that passes there: first those of the handshake, in its order. */
public enum Point {
    /** The client asks for the node's state. */
    WANT_CONFIG(Receiver.NODE),
    MY_INFO(Receiver.CLIENT),
    /** Settings of a touch screen. */
    DEVICE_UI(Receiver.CLIENT),
    /** The node's own entry of its database behind {@link #DEVICE_UI}, and those of the others behind {@link #MODULE_CONFIG}. */
    NODE_INFO(Receiver.CLIENT),
    METADATA(Receiver.CLIENT),
    /** Since firmware 2.8. */
    REGION_PRESETS(Receiver.CLIENT),
    /** Eight of them. */
    CHANNEL(Receiver.CLIENT),
    CONFIG(Receiver.CLIENT),
    MODULE_CONFIG(Receiver.CLIENT),
    FILE_INFO(Receiver.CLIENT),
    /** The end of the handshake. */
    CONFIG_COMPLETE(Receiver.CLIENT),

    /** A packet, in either direction. */
    PACKET(null),
    /** The node's verdict on a packet, or its answer to a heartbeat. */
    QUEUE_STATUS(Receiver.CLIENT),
    /** A sentence for the person at the client. */
    NOTIFICATION(Receiver.CLIENT),
    HEARTBEAT(Receiver.NODE),
    /** The client says goodbye. */
    DISCONNECT(Receiver.NODE);

    private final @Nullable Receiver receiver;

    Point(@Nullable Receiver receiver) {
        this.receiver = receiver;
    }

    /** Whom such a message is for; null if either. */
    public @Nullable Receiver receiver() {
        return receiver;
    }
}
