package dev.meshlease.testkit;

import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A client's end of one connection in memory: writes all it is given, notes what it is told, and checks that it is told in time. */
final class MemoryClient implements ByteLinkListener {
    final List<String> events = new ArrayList<>();
    final List<Integer> pieces = new ArrayList<>();
    final List<ByteBuffer> kept = new ArrayList<>();
    private final VirtualEnvironment environment;
    final Loop loop;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream backlog = new ByteArrayOutputStream();
    private ByteLink link;
    private boolean inside;
    int partialWrites;

    MemoryClient(VirtualEnvironment environment) {
        this.environment = environment;
        loop = environment.newLoop("client");
    }

    static Target target(VirtualEnvironment environment, String address) {
        var located = environment.transport().locate(environment.transport().check(address), environment);
        environment.settle();
        return located.toCompletableFuture().join();
    }

    static MemoryClient connecting(VirtualEnvironment environment, String address) {
        var client = new MemoryClient(environment);
        Target target = target(environment, address);
        client.call(() -> target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), client.loop, client));
        return client;
    }

    static MemoryClient open(VirtualEnvironment environment, String address) {
        MemoryClient client = connecting(environment, address);
        environment.advance(Duration.ofSeconds(1));
        return client;
    }

    /** Connects or does something else with the link, on the loop, and checks that no event comes from inside. */
    private void call(Supplier<ByteLink> action) {
        loop.execute(() -> guarded(() -> link = action.get()));
        environment.settle();
    }

    private void guarded(Runnable action) {
        inside = true;
        try {
            action.run();
        } finally {
            inside = false;
        }
    }

    void writes(String text) {
        writes(text.getBytes(StandardCharsets.UTF_8));
    }

    void writes(byte[] data) {
        loop.execute(() -> {
            backlog.writeBytes(data);
            flush();
        });
    }

    private void flush() {
        var buffer = ByteBuffer.wrap(backlog.toByteArray());
        guarded(() -> {
            int taken = link.write(buffer);
            if (taken != buffer.position()) {
                throw new AssertionError("took " + taken + ", moved " + buffer.position());
            }
        });
        partialWrites += buffer.hasRemaining() ? 1 : 0;
        backlog.reset();
        backlog.write(buffer.array(), buffer.position(), buffer.remaining());
    }

    void closes() {
        loop.execute(() -> guarded(link::close));
    }

    void aborts() {
        loop.execute(() -> guarded(link::abort));
    }

    ByteLink link() {
        return link;
    }

    int backlog() {
        return backlog.size();
    }

    byte[] received() {
        return bytes.toByteArray();
    }

    private void event(String event) {
        if (inside || !loop.isOwner()) {
            throw new AssertionError(event + (inside ? " from inside a call" : " off the loop"));
        }
        events.add(event);
    }

    @Override
    public void opened() {
        event("opened");
    }

    @Override
    public void writable() {
        event("writable");
        flush();
    }

    @Override
    public void received(ByteBuffer received) {
        kept.add(received.duplicate());
        var copy = new byte[received.remaining()];
        received.get(copy);
        bytes.writeBytes(copy);
        pieces.add(copy.length);
        event("received " + new String(copy, StandardCharsets.UTF_8));
    }

    @Override
    public void closed(Loss loss) {
        event("closed " + loss.kind());
    }
}
