package dev.meshlease.internal.link;

import com.google.protobuf.CodedInputStream;
import dev.meshlease.Endpoint;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.internal.frame.FrameSink;
import dev.meshlease.proto.FromRadio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From bytes to messages, for all sessions of a link one after the other. What is no message is skipped, counted and sampled. */
final class MessageReader {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    private final Endpoint endpoint;
    private final FrameDecoder decoder = new FrameDecoder(new Sink());

    // For one session.
    private Consumer<FromRadio> sink = message -> {};
    private Evidence evidence = new Evidence();
    private BootText text = new BootText();
    private long framesBefore;
    private long skippedBefore;
    private long rejectedBefore;

    MessageReader(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** A new session: forgets the unfinished frame of the last. */
    void restart(Consumer<FromRadio> to) {
        decoder.reset();
        sink = to;
        evidence = new Evidence();
        text = new BootText();
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
        @Override
        public boolean frame(byte[] array, int offset, int length) {
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
            sink.accept(message);
            return true;
        }

        @Override
        public void skipped(byte[] array, int offset, int length) {
            text.saw(array, offset, length);
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
