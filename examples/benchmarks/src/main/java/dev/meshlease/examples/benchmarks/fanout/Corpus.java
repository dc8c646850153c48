package dev.meshlease.examples.benchmarks.fanout;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.io.ByteArrayOutputStream;
import java.util.Random;

/** 2,000 framed packets as a busy mesh has them: 30 % texts, the rest random bytes, about 199 bytes each. Always the same. */
public final class Corpus {
    /** How many frames there are. */
    public static final int FRAMES = 2_000;

    private static final int HEADER = 4;
    private static final int[] OFFSETS = new int[FRAMES + 1];
    private static final byte[] BYTES = make();

    private Corpus() {}

    /** All frames, one behind the other; not to be written to. */
    public static byte[] bytes() {
        return BYTES;
    }

    /** Where a frame begins; that of {@link #FRAMES} is the end. */
    public static int offset(int frame) {
        return OFFSETS[frame];
    }

    /** Where a frame's payload begins. */
    public static int payload(int frame) {
        return OFFSETS[frame] + HEADER;
    }

    private static byte[] make() {
        Random random = new Random(2026);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES; i++) {
            OFFSETS[i] = all.size();
            byte[] payload = packet(random, i + 1).toByteArray();
            all.write(0x94);
            all.write(0xC3);
            all.write(payload.length >> 8);
            all.write(payload.length);
            all.writeBytes(payload);
        }
        OFFSETS[FRAMES] = all.size();
        return all.toByteArray();
    }

    private static FromRadio packet(Random random, int id) {
        boolean isText = random.nextInt(10) < 3;
        byte[] content = new byte[96 + random.nextInt(100)];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (isText ? 'a' + random.nextInt(26) : random.nextInt(256));
        }
        return FromRadio.newBuilder()
                .setId(id)
                .setPacket(MeshPacket.newBuilder()
                        .setFrom(0x0a000000 + random.nextInt(100))
                        .setTo(-1)
                        .setId(id)
                        .setRxTime(1_780_000_000 + id)
                        .setRxSnr(random.nextInt(10))
                        .setRxRssi(-random.nextInt(100))
                        .setHopLimit(3)
                        .setHopStart(3)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(isText ? PortNum.TEXT_MESSAGE_APP : PortNum.PRIVATE_APP)
                                .setPayload(ByteString.copyFrom(content))))
                .build();
    }
}
