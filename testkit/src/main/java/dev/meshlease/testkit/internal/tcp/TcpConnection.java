package dev.meshlease.testkit.internal.tcp;

import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client's socket. On the node's thread. */
final class TcpConnection implements ClientWire {
    /*
     * What the firmware writes in one go is gathered in `out` and handed to the kernel at the end of that, in fewer and larger pieces. When
     * the kernel takes no more `out` fills up, and then the firmware is told. What it does not read stays in the kernel.
     *
     * An end in order waits for `out` to empty, but not for ever, and not for a client that goes on writing. A connection that has vanished
     * is a ghost: it is kept open, so that the client notices nothing, until it says something to a node that is there again.
     */
    private static final int MOST_OUT_BYTES = 32 * 1024;
    private static final int READ_BYTES = 4096;
    /** What is thrown away of the client's last words, so that it gets an end in order and no reset. */
    private static final int MOST_LAST_WORDS = 1024 * 1024;
    /** Linux gives a connection that asks for nothing up to 4 MiB, but one that asks no more than this. */
    private static final int LARGEST_SEND_BUFFER = 212_992;

    private static final Duration LIFE_OF_A_GHOST = Duration.ofMinutes(1);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final TcpFace face;
    private final SocketChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES);
    private final ByteBuffer out;
    private final boolean isRival;
    private final ClientSession session;
    private @Nullable SelectionKey key;
    private boolean flushing;
    private boolean owesWritable;
    private boolean closing;
    private boolean paused;
    private boolean ended;
    private boolean ghost;
    private boolean over;

    TcpConnection(TcpFace face, SocketChannel channel) throws IOException {
        this.face = face;
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        int sendBuffer = face.acceptor().sendBuffer();
        if (sendBuffer <= LARGEST_SEND_BUFFER) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
        }
        out = ByteBuffer.allocate(Math.min(MOST_OUT_BYTES, sendBuffer));
        isRival = Rivals.take(channel);
        session = face.acceptor().connected(this);
    }

    void start() {
        if (!over) {
            try {
                key = face.realTime().watch(channel, 0, this::ready);
                interest();
            } catch (IOException gone) {
                broken();
            }
        }
    }

    @Override
    public boolean isRival() {
        return isRival;
    }

    private void ready() {
        if (ghost) {
            reset();
            return;
        }
        try {
            if (key != null && key.isValid() && key.isWritable()) {
                flush();
            }
            if (key != null && key.isValid() && key.isReadable()) {
                int unused = read();
            }
        } catch (IOException reset) {
            broken();
        }
    }

    /** Takes what has come from the client so far, its end included. */
    void look() {
        try {
            while (reads() && read() > 0) {
                // all of it
            }
        } catch (IOException reset) {
            broken();
        }
    }

    private boolean reads() {
        return key != null && key.isValid() && (key.interestOps() & SelectionKey.OP_READ) != 0;
    }

    private int read() throws IOException {
        chunk.clear();
        int count = channel.read(chunk);
        if (count > 0) {
            if (closing) {
                reset(); // as a kernel does with words for a socket that was closed
            } else {
                session.received(chunk.array(), 0, count);
            }
        } else if (count < 0) {
            ended = true;
            interest();
            if (!closing) {
                session.ended();
            }
        }
        return count;
    }

    private void broken() {
        if (!over) {
            boolean told = closing;
            end();
            if (!told) {
                session.broken();
            }
        }
    }

    /** Reads, unless there is a reason not to. */
    private void interest() {
        if (key != null && key.isValid()) {
            boolean reads = !ended && !paused && !(ghost && face.isRefusing());
            key.interestOps(
                    reads ? key.interestOps() | SelectionKey.OP_READ : key.interestOps() & ~SelectionKey.OP_READ);
        }
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        if (over || closing) {
            return length;
        }
        int taken = 0;
        try {
            while (taken < length && (out.hasRemaining() || send())) {
                int count = Math.min(out.remaining(), length - taken);
                out.put(bytes, offset + taken, count);
                taken += count;
            }
        } catch (IOException reset) {
            face.realTime().execute(this::broken);
            return length;
        }
        owesWritable |= taken < length;
        if (!flushing) {
            flushing = true;
            face.realTime().execute(this::flushNow);
        }
        return taken;
    }

    private void flushNow() {
        flushing = false;
        try {
            flush();
        } catch (IOException reset) {
            broken();
        }
    }

    private void flush() throws IOException {
        if (over || ghost) {
            return;
        }
        boolean hasRoom = send();
        if (key != null && key.isValid()) {
            key.interestOps(
                    out.position() > 0
                            ? key.interestOps() | SelectionKey.OP_WRITE
                            : key.interestOps() & ~SelectionKey.OP_WRITE);
        }
        if (closing) {
            if (out.position() == 0) {
                end();
            }
        } else if (owesWritable && hasRoom) {
            owesWritable = false;
            session.writable();
        }
    }

    /** Gives the kernel what it takes; returns whether there is room for more. */
    private boolean send() throws IOException {
        out.flip();
        try {
            channel.write(out);
        } finally {
            out.compact();
        }
        return out.hasRemaining();
    }

    @Override
    public void pause(boolean paused) {
        this.paused = paused;
        interest();
    }

    @Override
    public void close(boolean reset) {
        if (over || (closing && !reset)) {
            return;
        }
        try {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } else {
                readLastWords();
                closing = true;
                pause(false);
                flush();
                if (!over) {
                    face.realTime().schedule(LONGEST_END.toNanos(), this::reset);
                    return;
                }
            }
        } catch (IOException gone) {
            // nothing more can be said either way
        }
        end();
    }

    private void readLastWords() throws IOException {
        int left = MOST_LAST_WORDS;
        int count;
        do {
            chunk.clear();
            count = ended ? -1 : channel.read(chunk);
            left -= count;
        } while (count > 0 && left > 0);
    }

    @Override
    public void vanish() {
        if (!over) {
            ghost = true;
            paused = false;
            face.ghosts().add(this);
            if (key != null && key.isValid()) {
                key.interestOps(0);
            }
            haunt();
            face.realTime().schedule(LIFE_OF_A_GHOST.toNanos(), this::reset);
        }
    }

    /** Listens for a word of the client, if the node is there to be asked. */
    void haunt() {
        if (ended) {
            reset();
        } else {
            interest();
        }
    }

    private void reset() {
        ghost = false;
        close(true);
    }

    private void end() {
        if (!over) {
            over = true;
            face.forget(this);
            TcpFace.closeQuietly(channel);
        }
    }
}
