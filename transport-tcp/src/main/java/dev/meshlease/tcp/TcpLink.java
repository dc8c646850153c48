package dev.meshlease.tcp;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, from the attempt to its end. */
final class TcpLink implements ByteLink, TcpConnector.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(TcpLink.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    /** How often one turn of the loop reads before other links get theirs. */
    private static final int READS_PER_TURN = 8;

    /** How long reading goes on after a write failed: for more than a socket's buffer holds. */
    private static final int MOST_DRAINED_TURNS = 32;

    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /*
     * CONNECTING ──► OPEN ──close()──────► CLOSING ──► ENDED      any state ──abort()──► ENDED
     *                  └──write failed──► DRAINING ──► ENDED
     *
     * CLOSING: the FIN is out, but the socket stays until the other side's FIN, or until the linger time is over. Closed at once it
     * would answer bytes still arriving with a reset, which takes our own last bytes with it.
     *
     * DRAINING: the other side reset the connection, but what it sent before is still in our kernel, and is reported first.
     *
     * ENDED is entered once, by end(), which closes the socket before closed() is on its way: who hears of it may connect anew. All
     * events come from readiness, a timer or a task of their own, so none from inside a method of this class.
     */
    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        DRAINING,
        ENDED
    }

    private final Loop loop;
    private final ByteLinkListener events;
    private final TcpConnector connector;
    private State state = State.CONNECTING;
    private @Nullable TcpSocket socket;
    private @Nullable ByteBuffer buffer;
    private boolean wantsRoom;

    /** Why the link is to end, known before it does: what is seen later does not count. */
    private @Nullable Loss verdict;

    private Loop.@Nullable Timer linger;

    TcpLink(Loop loop, ByteLinkListener events, TcpConnector connector) {
        this.loop = loop;
        this.events = events;
        this.connector = connector;
    }

    void start() {
        later(() -> {
            if (state == State.CONNECTING) {
                connector.start(this);
            }
        });
    }

    @Override
    public void connected(TcpSocket connected) {
        state = State.OPEN;
        socket = connected;
        buffer = ByteBuffer.allocate(BUFFER_BYTES);
        connected.handOver(this::ready);
        updateInterest();
        events.opened();
    }

    @Override
    public void failed(Loss loss) {
        end(loss, false);
    }

    @Override
    public int write(ByteBuffer bytes) {
        int before = bytes.remaining();
        if (socket != null && state == State.OPEN) {
            try {
                int unused = socket.channel().write(bytes);
            } catch (IOException e) {
                state = State.DRAINING;
                verdict = TcpLosses.of(e);
                later(() -> drain(MOST_DRAINED_TURNS));
            }
        }
        wantsRoom |= bytes.hasRemaining();
        updateInterest();
        return before - bytes.remaining();
    }

    @Override
    public void close() {
        if (state == State.CONNECTING) {
            end(closedHere(), false);
        }
        if (state != State.OPEN || socket == null) {
            return;
        }
        state = State.CLOSING;
        verdict = closedHere();
        updateInterest();
        try {
            socket.channel().shutdownOutput();
            linger = loop.schedule(LINGER_NANOS, () -> end(closedHere(), false));
        } catch (IOException e) {
            LOG.debug("{} was gone before it was closed", socket.channel(), e);
            end(closedHere(), false);
        }
    }

    @Override
    public void abort() {
        end(closedHere(), true);
    }

    /** For tests of the socket's options; null unless connected. */
    @Nullable
    SocketChannel channel() {
        return socket == null ? null : socket.channel();
    }

    private void ready(int operations) {
        if ((operations & SelectionKey.OP_READ) != 0) {
            boolean unused = read();
        }
        if ((operations & SelectionKey.OP_WRITE) != 0 && wantsRoom && state == State.OPEN) {
            wantsRoom = false;
            updateInterest();
            events.writable();
        }
    }

    /** Reads and reports for one turn, and ends the link at the end of the stream; returns whether there may be more at once. */
    private boolean read() {
        try {
            for (int i = 0; i < READS_PER_TURN && socket != null && buffer != null; i++) {
                buffer.clear();
                int count = socket.channel().read(buffer);
                if (count < 0) {
                    end(Loss.of(Loss.Kind.END_OF_STREAM, "the other side closed the connection"), false);
                }
                if (count <= 0) {
                    return false;
                }
                events.received(buffer.flip());
            }
            return true;
        } catch (IOException e) {
            end(TcpLosses.of(e), false);
            return false;
        }
    }

    /** Until there is no more to read at once, and bounded: the other side may be alive after all, and send for ever. */
    private void drain(int turnsLeft) {
        if (state == State.DRAINING && read() && turnsLeft > 1) {
            later(() -> drain(turnsLeft - 1));
        } else {
            end(closedHere(), false);
        }
    }

    private void updateInterest() {
        if (socket == null) {
            return;
        }
        switch (state) {
            case OPEN -> socket.interest(SelectionKey.OP_READ | (wantsRoom ? SelectionKey.OP_WRITE : 0));
            case CLOSING -> socket.interest(SelectionKey.OP_READ);
            case CONNECTING, DRAINING, ENDED -> socket.interest(0);
        }
    }

    private void end(Loss seen, boolean abort) {
        if (state == State.ENDED) {
            return;
        }
        Loss loss = verdict == null ? seen : verdict;
        state = State.ENDED;
        connector.cancel();
        if (linger != null) {
            linger.cancel();
        }
        if (socket != null && abort) {
            socket.abort();
        } else if (socket != null) {
            socket.close();
        }
        socket = null;
        buffer = null;
        later(() -> events.closed(loss));
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop has ended; nobody is left to be told", e);
        }
    }

    private static Loss closedHere() {
        return Loss.of(Loss.Kind.CLOSED, "closed by this side");
    }
}
