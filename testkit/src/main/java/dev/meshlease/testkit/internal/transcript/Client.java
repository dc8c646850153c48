package dev.meshlease.testkit.internal.transcript;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's connection as the transcript follows it. On the node's thread. */
final class Client {
    private static final byte WAKE = (byte) 0xC3;

    final boolean isRival;
    final Manners manners;
    private final NodeFraming in = new NodeFraming();
    private final NodeFraming out = new NodeFraming();
    private int dumped;

    Client(boolean isRival, Consumer<String> offence) {
        this.isRival = isRival;
        this.manners = new Manners(offence);
    }

    void received(byte[] bytes, int offset, int length, Consumer<ToRadio> messages) {
        boolean noise = false;
        for (int i = offset; i < offset + length; i++) {
            boolean wasIdle = in.isIdle();
            byte[] payload = in.take(bytes[i]);
            if (payload != null) {
                ToRadio message = manners.frame(payload);
                if (message != null) {
                    messages.accept(message);
                }
            } else {
                noise |= in.isIdle() && (!wasIdle || bytes[i] != WAKE);
            }
        }
        if (noise) {
            manners.noise();
        }
    }

    /** Tells each message but those of a state dump, which end up as a number. */
    void sent(byte[] bytes, int offset, int length, Consumer<String> lines) {
        for (int i = offset; i < offset + length; i++) {
            byte[] payload = out.take(bytes[i]);
            if (payload != null) {
                told(payload, lines);
            }
        }
    }

    private void told(byte[] payload, Consumer<String> lines) {
        FromRadio message = parse(payload);
        if (message == null) {
            lines.accept("a frame of " + payload.length + " bytes that is no message");
            return;
        }
        switch (message.getPayloadVariantCase()) {
            case MY_INFO,
                    NODE_INFO,
                    CONFIG,
                    MODULECONFIG,
                    CHANNEL,
                    METADATA,
                    FILEINFO,
                    DEVICEUICONFIG,
                    REGION_PRESETS -> dumped++;
            case CONFIG_COMPLETE_ID -> {
                lines.accept("its state in " + dumped + " messages, and " + Words.of(message));
                dumped = 0;
                manners.completed();
            }
            default -> lines.accept(Words.of(message));
        }
    }

    private static @Nullable FromRadio parse(byte[] payload) {
        try {
            return FromRadio.parseFrom(payload);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    /** What a state dump that broke off had told. */
    int dumped() {
        return dumped;
    }
}
