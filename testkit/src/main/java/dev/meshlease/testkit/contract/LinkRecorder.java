package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a connection tells, and holds it to what {@link ByteLinkListener} says: on the loop, never from inside a call, nothing after the
 * end. A breach fails the test that asks for the {@link #events()} or the {@link #loss()}. For tests of a transport; to do something about an
 * event, extend it.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public class LinkRecorder implements ByteLinkListener {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Loop loop;
    private volatile @Nullable ByteLink link;

    @GuardedBy("this")
    private final List<String> events = new ArrayList<>();

    @GuardedBy("this")
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @GuardedBy("this")
    private @Nullable Loss loss;

    @GuardedBy("this")
    private boolean calling;

    @GuardedBy("this")
    private @Nullable String breach;

    /** For a connection on that loop. */
    public LinkRecorder(Loop loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /** Connects, and keeps the connection as {@link #link()}. On the loop. */
    public final void connects(Supplier<ByteLink> connect) {
        calls(() -> link = connect.get());
    }

    /** Runs a call of the connection. An event from inside it would be a breach. On the loop. */
    public final void calls(Runnable call) {
        calling(true);
        try {
            call.run();
        } finally {
            calling(false);
        }
    }

    private synchronized void calling(boolean now) {
        calling = now;
    }

    /**
     * The connection.
     *
     * @throws IllegalStateException if nothing was connected yet
     */
    public final ByteLink link() {
        ByteLink it = link;
        if (it == null) {
            throw new IllegalStateException("Nothing was connected yet");
        }
        return it;
    }

    /** Whether something was connected; also when that is over. */
    public final boolean isConnected() {
        return link != null;
    }

    @Override
    public void opened() {
        tell("opened");
    }

    @Override
    public void writable() {
        tell("writable");
    }

    @Override
    public void received(ByteBuffer arrived) {
        keep(arrived);
    }

    @Override
    public void closed(Loss why) {
        end(why);
    }

    private synchronized void keep(ByteBuffer arrived) {
        check("received");
        while (arrived.hasRemaining()) {
            bytes.write(arrived.get());
        }
    }

    private synchronized void end(Loss why) {
        tell("closed");
        loss = why;
    }

    private synchronized void tell(String event) {
        check(event);
        events.add(event);
    }

    private synchronized void check(String event) {
        if (!loop.isOwner()) {
            breaks(event + " was not told on the loop");
        }
        if (calling) {
            breaks(event + " was told from inside a call");
        }
        if (events.contains("closed")) {
            breaks(event + " was told after the end");
        }
    }

    private synchronized void breaks(String rule) {
        if (breach == null) {
            breach = rule;
        }
    }

    /** The names of the events so far, without those of bytes. A snapshot. */
    public final synchronized List<String> events() {
        assertThat(breach).isNull();
        return List.copyOf(events);
    }

    /** All bytes that came in. A snapshot. */
    public final synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    /** How the connection ended, or null as long as it has not. */
    public final synchronized @Nullable Loss loss() {
        assertThat(breach).isNull();
        return loss;
    }

    /** Waits until the connection is open, for 20 s at the most: then the test fails. */
    public final void awaitOpened() throws InterruptedException {
        await(() -> events().contains("opened"));
    }

    /** Waits until the connection is over, for 20 s at the most: then the test fails. Returns how it ended. */
    public final Loss awaitClosed() throws InterruptedException {
        await(() -> loss() != null);
        return Objects.requireNonNull(loss());
    }

    /** Waits until something holds, for 20 s at the most: then the test fails. See {@link Loop#await}. */
    public final void await(BooleanSupplier done) throws InterruptedException {
        assertThat(loop.await(done, LIMIT.toNanos()))
                .as("in time; so far: %s", events())
                .isTrue();
    }
}
