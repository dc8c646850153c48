package dev.meshlease.examples.benchmarks.codec;

import dev.meshlease.examples.benchmarks.fanout.Corpus;
import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.internal.frame.FrameDecoder;
import java.nio.ByteBuffer;

/** Finding the frames of a read, against copying each from where it is known to be: what cannot be avoided by anybody who keeps them. */
public final class Slice implements Comparison {
    private static final int PASSES = 1_000;

    @Override
    public String name() {
        return "codec.slice";
    }

    @Override
    public String summary() {
        return "finding all frames in a buffer / copying each, with known offsets";
    }

    @Override
    public Target target() {
        return Target.atMost(1.25);
    }

    @Override
    public Pair pair() {
        return new Passes();
    }

    private static final class Passes implements Pair {
        private final byte[] bytes = Corpus.bytes();
        private final byte[] copy = new byte[FrameDecoder.MAX_PAYLOAD_BYTES];
        private long seen;
        private final FrameDecoder decoder = new FrameDecoder((array, offset, length) -> {
            seen += length;
            return true;
        });

        @Override
        public double baseline() {
            long start = System.nanoTime();
            for (int pass = 0; pass < PASSES; pass++) {
                for (int i = 0; i < Corpus.FRAMES; i++) {
                    int from = Corpus.payload(i);
                    int length = Corpus.offset(i + 1) - from;
                    System.arraycopy(bytes, from, copy, 0, length);
                    seen += copy[0];
                }
            }
            return System.nanoTime() - start;
        }

        @Override
        public double candidate() {
            long frames = decoder.frames();
            long start = System.nanoTime();
            for (int pass = 0; pass < PASSES; pass++) {
                decoder.feed(ByteBuffer.wrap(bytes));
            }
            long nanos = System.nanoTime() - start;
            if (decoder.frames() - frames != (long) PASSES * Corpus.FRAMES || seen == 0) {
                throw new IllegalStateException("It found " + (decoder.frames() - frames) + " frames");
            }
            return nanos;
        }
    }
}
