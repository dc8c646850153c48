package dev.meshlease.examples.benchmarks.fanout;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A node behind no wire at all: it answers the handshake, and then has the link read the corpus, in reads of 64 KiB, as often as asked. */
final class Flood implements Transport, Target, ByteLink {
    private static final int READ = 64 * 1024;
    private static final int HEADER = 4;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.incrementAndGet();
    private volatile @Nullable Loop loop;
    private volatile @Nullable ByteLinkListener events;

    /** Has the corpus read once. */
    void lap() {
        Loop on = loop;
        ByteLinkListener to = events;
        if (on == null || to == null) {
            throw new IllegalStateException("The link is not connected");
        }
        byte[] bytes = Corpus.bytes();
        for (int at = 0; at < bytes.length; at += READ) {
            ByteBuffer read = ByteBuffer.wrap(bytes, at, Math.min(READ, bytes.length - at));
            on.execute(() -> to.received(read));
        }
    }

    @Override
    public int write(ByteBuffer frame) {
        int length = frame.remaining();
        byte[] payload = new byte[length - HEADER];
        frame.position(frame.position() + HEADER).get(payload);
        try {
            ToRadio message = ToRadio.parseFrom(payload);
            if (message.hasWantConfigId()) {
                tell(FromRadio.newBuilder()
                        .setMyInfo(MyNodeInfo.newBuilder().setMyNodeNum(number))
                        .build());
                tell(FromRadio.newBuilder()
                        .setConfigCompleteId(message.getWantConfigId())
                        .build());
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalStateException(malformed);
        }
        return length;
    }

    private void tell(FromRadio message) {
        byte[] payload = message.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) 0x94)
                .put((byte) 0xC3)
                .putShort((short) payload.length)
                .put(payload)
                .flip();
        Loop on = loop;
        ByteLinkListener to = events;
        if (on != null && to != null) {
            on.execute(() -> to.received(frame));
        }
    }

    @Override
    public ByteLink connect(Permit permit, Loop on, ByteLinkListener to) {
        permit.redeem(keys());
        loop = on;
        events = to;
        on.execute(to::opened);
        return this;
    }

    @Override
    public void close() {
        Loop on = loop;
        ByteLinkListener to = events;
        if (on != null && to != null) {
            on.execute(() -> to.closed(Loss.of(Loss.Kind.CLOSED, "closed")));
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public Set<LinkKey> keys() {
        return Set.of(new LinkKey("flood", "node-" + number));
    }

    @Override
    public String scheme() {
        return "flood";
    }

    @Override
    public String check(String address) {
        return address;
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        return CompletableFuture.completedFuture(this);
    }
}
