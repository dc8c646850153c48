package dev.meshlease.testkit.internal.serial;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A serial console's cable made of two streams. It ends with them, and they with it. */
public final class StreamCable implements ClientWire {
    /*
     * Two threads, for streams block. The reader hands one piece over to the node's thread and reads on when that one has been taken and
     * the node reads at all; so nothing piles up here. The writer empties `outgoing`, which is bounded; the node's thread never waits.
     *
     * Whatever ends it (the node, `pull`, the end or failure of a stream) sets `closed`; then the writer writes what is left and closes
     * both streams, which ends the reader. `pull` closes them itself if that takes too long.
     */
    private static final Logger LOG = LoggerFactory.getLogger(StreamCable.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int PIECE_BYTES = 4096;
    private static final int OUTGOING_BYTES = 4096;
    private static final Duration NOTHING_THERE = Duration.ofMillis(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final NodeHost host;
    private final InputStream in;
    private final OutputStream out;
    private final ClientSession session;
    private final Thread reader;
    private final Thread writer;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();

    @GuardedBy("lock")
    private boolean owesWritable;

    @GuardedBy("lock")
    private boolean handing;

    @GuardedBy("lock")
    private boolean paused;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * On the node's thread.
     *
     * @param plug gives the session for this cable
     */
    public StreamCable(NodeHost host, InputStream in, OutputStream out, Function<ClientWire, ClientSession> plug) {
        this.host = host;
        this.in = interruptible(in);
        this.out = interruptible(out);
        session = plug.apply(this);
        int number = COUNT.incrementAndGet();
        reader = new Thread(this::readAll, "meshlease-simulator-serial-reader-" + number);
        writer = new Thread(this::writeAll, "meshlease-simulator-serial-writer-" + number);
        reader.setDaemon(true);
        writer.setDaemon(true);
        reader.start();
        writer.start();
    }

    /** A blocked read of a file or terminal is ended by closing its channel, and by nothing else. */
    private static InputStream interruptible(InputStream in) {
        return in instanceof FileInputStream file ? Channels.newInputStream(file.getChannel()) : in;
    }

    private static OutputStream interruptible(OutputStream out) {
        return out instanceof FileOutputStream file ? Channels.newOutputStream(file.getChannel()) : out;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        synchronized (lock) {
            if (closed) {
                return length;
            }
            int taken = Math.min(length, OUTGOING_BYTES - outgoing.size());
            outgoing.write(bytes, offset, taken);
            owesWritable |= taken < length;
            lock.notifyAll();
            return taken;
        }
    }

    @Override
    public void pause(boolean paused) {
        synchronized (lock) {
            this.paused = paused;
            lock.notifyAll();
        }
    }

    @Override
    public void close(boolean reset) {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    @Override
    public void vanish() {
        close(true);
    }

    /** Whether it still leads anywhere. From any thread. */
    public boolean isPlugged() {
        synchronized (lock) {
            return !closed;
        }
    }

    /** Ends it, its threads and its streams. From any other thread than the node's and its own; waits a moment. Idempotent. */
    public void pull() {
        close(false);
        host.execute(session::broken);
        try {
            writer.join(LAST_WORDS.toMillis());
            closeStreams();
            interrupt(writer);
            interrupt(reader);
            writer.join(LAST_WORDS.toMillis());
            reader.join(LAST_WORDS.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closeStreams();
        }
        if (reader.isAlive()) {
            LOG.warn(
                    "{} is still in a read of {}, which closing does not end. End whatever writes to that stream",
                    reader.getName(),
                    in);
        }
    }

    private void readAll() {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            int count = 1;
            while (mayRead(count) && (count = in.read(piece)) >= 0) {
                hand(Arrays.copyOf(piece, count));
            }
            unplugged("it has ended");
        } catch (IOException | RuntimeException failed) {
            unplugged(failed.toString());
        } catch (InterruptedException pulled) {
            unplugged("interrupted"); // by us, when all is over: there is nobody to pass it on to
        }
    }

    private boolean mayRead(int lastCount) throws InterruptedException {
        if (lastCount == 0) {
            LockSupport.parkNanos(NOTHING_THERE.toNanos()); // a terminal that does not block
        }
        synchronized (lock) {
            while (!closed && (paused || handing)) {
                lock.wait();
            }
            return !closed;
        }
    }

    private void hand(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        synchronized (lock) {
            handing = true;
        }
        host.execute(() -> {
            session.received(bytes, 0, bytes.length);
            synchronized (lock) {
                handing = false;
                lock.notifyAll();
            }
        });
    }

    private void writeAll() {
        try {
            for (byte[] bytes = nextBytes(); bytes != null; bytes = nextBytes()) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException | RuntimeException failed) {
            unplugged(failed.toString());
        } catch (InterruptedException pulled) {
            unplugged("interrupted"); // by us, as above
        } finally {
            closeStreams();
            interrupt(reader);
        }
    }

    private byte @Nullable [] nextBytes() throws InterruptedException {
        byte[] bytes;
        boolean hasRoom;
        synchronized (lock) {
            while (outgoing.size() == 0 && !closed) {
                lock.wait();
            }
            bytes = outgoing.toByteArray();
            outgoing.reset();
            hasRoom = owesWritable;
            owesWritable = false;
        }
        if (hasRoom) {
            host.execute(session::writable);
        }
        return bytes.length == 0 ? null : bytes;
    }

    private void unplugged(String why) {
        if (isPlugged()) {
            close(false);
            host.execute(session::broken);
            LOG.info("The serial cable of a simulated node is unplugged: {}", why);
        }
    }

    @SuppressWarnings("Interruption") // our own threads, in streams that may be deaf to all else
    private static void interrupt(Thread blocked) {
        blocked.interrupt();
    }

    private void closeStreams() {
        for (Closeable stream : List.of(in, out)) {
            try {
                stream.close();
            } catch (IOException gone) {
                LOG.debug("Closing {} failed", stream, gone);
            }
        }
    }
}
