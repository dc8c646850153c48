package dev.meshlease.examples.benchmarks.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.examples.benchmarks.fanout.Corpus;
import dev.meshlease.examples.benchmarks.harness.Allocation;
import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.internal.frame.PacketPeek;
import dev.meshlease.proto.FromRadio;
import java.io.IOException;

/** Reading what routing needs of a packet where it lies, against parsing it. It may allocate nothing, else it breaks. */
public final class Peek implements Comparison {
    private static final int PASSES = 200;

    @Override
    public String name() {
        return "frame.peek";
    }

    @Override
    public String summary() {
        return "peeking at sender, port and ids of a frame / parsing it";
    }

    @Override
    public Target target() {
        return Target.atMost(0.25);
    }

    @Override
    public Pair pair() {
        return new Passes();
    }

    private static final class Passes implements Pair {
        private final byte[] bytes = Corpus.bytes();
        private final PacketPeek peek = new PacketPeek();
        private long seen;

        @Override
        public double baseline() throws InvalidProtocolBufferException {
            long start = System.nanoTime();
            for (int pass = 0; pass < PASSES; pass++) {
                for (int i = 0; i < Corpus.FRAMES; i++) {
                    int from = Corpus.payload(i);
                    seen += parse(from, Corpus.offset(i + 1) - from).getPacket().getFrom();
                }
            }
            return System.nanoTime() - start;
        }

        private FromRadio parse(int offset, int length) throws InvalidProtocolBufferException {
            try {
                return FromRadio.parseFrom(CodedInputStream.newInstance(bytes, offset, length));
            } catch (InvalidProtocolBufferException malformed) {
                throw malformed;
            } catch (IOException none) {
                throw new IllegalStateException(none); // There is no stream to read from.
            }
        }

        @Override
        public double candidate() {
            Allocation allocation = Allocation.ofThisThread();
            long start = System.nanoTime();
            for (int pass = 0; pass < PASSES; pass++) {
                for (int i = 0; i < Corpus.FRAMES; i++) {
                    int from = Corpus.payload(i);
                    if (!peek.find(bytes, from, Corpus.offset(i + 1) - from)
                            || !peek.read(bytes, peek.start(), peek.length())) {
                        throw new IllegalStateException("Frame " + i + " is a packet");
                    }
                    seen += peek.from() + peek.port() + peek.requestId();
                }
            }
            long nanos = System.nanoTime() - start;
            long perFrame = allocation.bytes() / (PASSES * Corpus.FRAMES);
            if (perFrame > 0 || seen == 0) {
                throw new IllegalStateException("A peek allocated " + perFrame + " bytes, and saw " + seen);
            }
            return nanos;
        }
    }
}
