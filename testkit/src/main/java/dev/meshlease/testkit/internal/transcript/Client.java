package dev.meshlease.testkit.internal.transcript;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's connection as the transcript follows it. On the node's thread. */
final class Client {
    private static final byte WAKE = (byte) 0xC3;
    private static final Set<Integer> DUMPED = Set.of(
            FromRadio.MY_INFO_FIELD_NUMBER,
            FromRadio.NODE_INFO_FIELD_NUMBER,
            FromRadio.CONFIG_FIELD_NUMBER,
            FromRadio.MODULECONFIG_FIELD_NUMBER,
            FromRadio.CHANNEL_FIELD_NUMBER,
            FromRadio.METADATA_FIELD_NUMBER,
            FromRadio.FILEINFO_FIELD_NUMBER,
            FromRadio.DEVICEUICONFIG_FIELD_NUMBER,
            FromRadio.REGION_PRESETS_FIELD_NUMBER);

    final boolean isRival;
    final Manners manners;
    private final NodeFraming in = new NodeFraming();
    private final NodeFraming out = new NodeFraming();
    private int dumped;

    /** Whether the node reads nothing from it, and so cannot know that it has left. */
    boolean isUnheard;

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
        if (out.isIdle() && NodeFraming.isFrame(bytes, offset, length)) {
            told(bytes, offset + NodeFraming.HEADER, length - NodeFraming.HEADER, lines); // as nodes mostly write
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            byte[] payload = out.take(bytes[i]);
            if (payload != null) {
                told(payload, 0, payload.length, lines);
            }
        }
    }

    /** A state dump can be long, so its messages are told by their first bytes alone. */
    private void told(byte[] bytes, int offset, int length, Consumer<String> lines) {
        if (DUMPED.contains(firstField(bytes, offset, length))) {
            dumped++;
            return;
        }
        FromRadio message = parse(bytes, offset, length);
        if (message == null) {
            lines.accept("a frame of " + length + " bytes that is no message");
        } else if (message.hasConfigCompleteId()) {
            lines.accept("its state in " + dumped + " messages, and " + Words.of(message));
            dumped = 0;
            manners.completed(message.getConfigCompleteId());
        } else {
            lines.accept(Words.of(message));
        }
    }

    /** The number of the field that a message begins with, 0 if there is none: it takes one byte, or two. */
    private static int firstField(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int tag = bytes[offset] & 0xFF;
        return tag >= 0x80 && length > 1 ? ((tag & 0x7F) | (bytes[offset + 1] << 7)) >> 3 : tag >> 3;
    }

    private static @Nullable FromRadio parse(byte[] bytes, int offset, int length) {
        try {
            return FromRadio.parser().parseFrom(bytes, offset, length);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    /** What a state dump that broke off had told. */
    int dumped() {
        return dumped;
    }
}
