package dev.meshlease.testkit.internal.transcript;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.ToRadio;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether one client keeps to what is asked of clients; each offence is told. On the node's thread. */
final class Manners {
    private final Consumer<String> offence;
    private boolean asked;
    private int nonce;
    private boolean answered;
    private boolean saidGoodbye;

    /**
     * @param offence told of each offence, in words
     */
    Manners(Consumer<String> offence) {
        this.offence = offence;
    }

    /** Bytes outside of a frame that are no wake-up. */
    void noise() {
        offence.accept("bytes that belong to no frame");
    }

    /** A frame; returns what it says, if it says something. */
    @Nullable
    ToRadio frame(byte[] payload) {
        ToRadio message;
        try {
            message = ToRadio.parseFrom(payload);
        } catch (InvalidProtocolBufferException malformed) {
            offence.accept("a frame of " + payload.length + " bytes that is no message");
            return null;
        }
        if (saidGoodbye && !message.hasWantConfigId()) {
            offence.accept("a frame after disconnect, which nobody reads");
        }
        switch (message.getPayloadVariantCase()) {
            case WANT_CONFIG_ID -> {
                if (asked && !answered) {
                    offence.accept("a want_config_id before the first is answered: older firmware skips channels then");
                }
                if (message.getWantConfigId() == 0) {
                    offence.accept("a want_config_id of 0, whose answer looks like none");
                }
                asked = true;
                nonce = message.getWantConfigId();
                answered = false;
                saidGoodbye = false; // a serial cable stays
            }
            case PACKET -> {
                if (!answered) {
                    offence.accept("a packet before the handshake is complete: its verdict may be lost");
                }
            }
            case HEARTBEAT -> {
                if (message.getHeartbeat().getNonce() == 1) {
                    offence.accept("a heartbeat with nonce 1, on which the node tells the whole mesh of itself");
                }
            }
            case DISCONNECT -> saidGoodbye = true;
            case XMODEMPACKET -> offence.accept("a block of a file, which a simulated node ignores");
            case MQTTCLIENTPROXYMESSAGE -> offence.accept("a message of an MQTT proxy, which a simulated node ignores");
            case PAYLOADVARIANT_NOT_SET -> offence.accept("an empty message");
        }
        return message;
    }

    /** The node has told all of its state to whoever asked with this nonce. */
    void completed(int told) {
        answered |= asked && told == nonce;
    }
}
