package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Remembers what a link told, checks the order, and that nothing comes from inside a call. */
class Recorder implements ByteLinkListener {
    final Loop loop;
    ByteLink link;
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Loss loss;

    /** Set while a test is inside a call of the link. */
    boolean inCall;

    private String broken;

    Recorder(Loop loop) {
        this.loop = loop;
    }

    @Override
    public synchronized void opened() {
        tell("opened");
    }

    @Override
    public synchronized void writable() {
        tell("writable");
    }

    @Override
    public synchronized void received(ByteBuffer arrived) {
        check();
        while (arrived.hasRemaining()) {
            bytes.write(arrived.get());
        }
    }

    @Override
    public synchronized void closed(Loss why) {
        tell("closed");
        loss = why;
    }

    private void tell(String event) {
        check();
        events.add(event);
    }

    private void check() {
        if (!loop.isOwner()) {
            broken = "not on the loop";
        }
        if (inCall) {
            broken = "from inside a call";
        }
        if (events.contains("closed")) {
            broken = "after closed";
        }
    }

    synchronized List<String> events() {
        assertThat(broken).isNull();
        return List.copyOf(events);
    }

    synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    synchronized Loss loss() {
        assertThat(broken).isNull();
        return loss;
    }

    void awaitOpened() throws InterruptedException {
        await(() -> events().contains("opened"));
    }

    Loss awaitClosed() throws InterruptedException {
        await(() -> loss() != null);
        return loss();
    }

    void await(BooleanSupplier done) throws InterruptedException {
        assertThat(loop.await(done, TimeUnit.SECONDS.toNanos(20)))
                .as("in time; so far: %s", events)
                .isTrue();
    }
}
