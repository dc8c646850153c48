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
     * Nothing is kept here: what the kernel does not take the firmware is told, and what the firmware does not want stays in the kernel.
     *
     * A connection that has vanished is a ghost: it is kept open, so that the client notices nothing, until it says something to a node
     * that is there again.
     */
    private static final int READ_BYTES = 4096;
    /** What is thrown away of the client's last words, so that it gets an end in order and no reset. */
    private static final int MOST_LAST_WORDS = 1024 * 1024;
    /** Linux gives a connection that asks for nothing up to 4 MiB, but one that asks no more than this. */
    private static final int LARGEST_SEND_BUFFER = 212_992;

    private static final Duration LIFE_OF_A_GHOST = Duration.ofMinutes(1);

    private final TcpFace face;
    private final SocketChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES);
    private final ClientSession session;
    private @Nullable SelectionKey key;
    private boolean paused;
    private boolean ended;
    private boolean ghost;
    private boolean over;

    TcpConnection(TcpFace face, SocketChannel channel) throws IOException {
        this.face = face;
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        int sendBuffer = face.acceptor().sendBuffer();
        if (sendBuffer <= LARGEST_SEND_BUFFER) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
        }
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

    private void ready() {
        if (ghost) {
            reset();
            return;
        }
        try {
            if (key != null && key.isValid() && key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                session.writable();
            }
            if (key != null && key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException reset) {
            broken();
        }
    }

    private void read() throws IOException {
        chunk.clear();
        int count = channel.read(chunk);
        if (count > 0) {
            session.received(chunk.array(), 0, count);
        } else if (count < 0) {
            ended = true;
            interest();
            session.ended();
        }
    }

    private void broken() {
        if (!over) {
            end();
            session.broken();
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
        if (over) {
            return length;
        }
        try {
            int taken = channel.write(ByteBuffer.wrap(bytes, offset, length));
            if (taken < length && key != null && key.isValid()) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
            }
            return taken;
        } catch (IOException reset) {
            face.realTime().execute(this::broken);
            return length;
        }
    }

    @Override
    public void pause(boolean paused) {
        this.paused = paused;
        interest();
    }

    @Override
    public void close(boolean reset) {
        if (over) {
            return;
        }
        try {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } else {
                readLastWords();
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
        over = true;
        face.ghosts().remove(this);
        TcpFace.closeQuietly(channel);
    }
}
