package dev.meshlease.internal.link;

import com.google.protobuf.CodedInputStream;
import dev.meshlease.Endpoint;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.internal.frame.FrameSink;
import dev.meshlease.internal.frame.PacketPeek;
import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From bytes to messages, for all sessions of a link one after the other. What is no message is skipped, counted and sampled. */
final class MessageReader {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    /** Who takes what is read. */
    interface Hearer {
        /** Whether packets, too, are to be given as the messages that they came in. */
        boolean wantsWholeMessages();

        void packet(WirePacket packet);

        void message(FromRadio message);

        /** What came between frames, as far as it is text. */
        void printed(LogRecord line);
    }

    private final Endpoint endpoint;
    private final FrameDecoder decoder = new FrameDecoder(new Sink());

    // For one session.
    private @Nullable Hearer hearer;
    private Evidence evidence = new Evidence();
    private BootText text = new BootText();
    private PrintedLog log = new PrintedLog();
    private long framesBefore;
    private long skippedBefore;
    private long rejectedBefore;

    MessageReader(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** A new session: forgets the unfinished frame of the last. */
    void restart(Hearer to) {
        decoder.reset();
        hearer = to;
        evidence = new Evidence();
        text = new BootText();
        log = new PrintedLog();
        framesBefore = decoder.frames();
        skippedBefore = decoder.skippedBytes();
        rejectedBefore = decoder.rejectedFrames();
    }

    void read(ByteBuffer bytes) {
        if (decoder.frames() == framesBefore) {
            evidence.saw(bytes);
        }
        decoder.feed(bytes);
    }

    private final class Sink implements FrameSink {
        private final PacketPeek peek = new PacketPeek();
        private final WirePacket.Reader packets = new WirePacket.Reader();

        @Override
        public boolean frame(byte[] array, int offset, int length) {
            Hearer to = hearer;
            if (to == null) {
                return false;
            }
            if (!to.wantsWholeMessages() && peek.find(array, offset, length)) {
                Optional<WirePacket> packet = packets.read(array, peek.start(), peek.length());
                if (packet.isPresent()) {
                    to.packet(packet.get());
                    return true;
                }
            }
            FromRadio message;
            try {
                message = FromRadio.parseFrom(CodedInputStream.newInstance(array, offset, length));
            } catch (IOException malformed) {
                if (decoder.rejectedFrames() == rejectedBefore) {
                    LOG.warn(
                            "{}: skipped a frame of {} bytes that is no message: {}",
                            endpoint,
                            length,
                            malformed.getMessage());
                }
                return false;
            }
            to.message(message);
            return true;
        }

        @Override
        public void skipped(byte[] array, int offset, int length) {
            text.saw(array, offset, length);
            Hearer to = hearer;
            if (to != null) {
                log.saw(array, offset, length, to::printed);
            }
        }
    }

    /** What a starting node printed, if it did so since this was last asked. */
    Optional<String> takeBootText() {
        return text.take();
    }

    /** The first bytes that came, if there never was a message among them. */
    Optional<String> foreignSpeech() {
        return decoder.frames() == framesBefore && decoder.skippedBytes() > skippedBefore
                ? Optional.of(evidence.sample())
                : Optional.empty();
    }

    /** Counts over all connections, for a person. */
    String counts() {
        return decoder.frames() + " frames read, " + decoder.rejectedFrames() + " unreadable, " + decoder.skippedBytes()
                + " bytes skipped";
    }
}
