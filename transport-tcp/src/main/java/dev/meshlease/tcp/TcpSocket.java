package dev.meshlease.tcp;

import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loop.ChannelReadiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel with its place in the loop.
 *
 * <p><b>Threading:</b> on the loop only.
 */
final class TcpSocket {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSocket.class);

    private final SocketChannel channel;
    private final ChannelReadiness readiness;
    private IntConsumer onReady;
    private OwnSockets.@Nullable Mark mark;

    private TcpSocket(SocketChannel channel, Loop loop, IntConsumer onReady) throws IOException {
        this.channel = channel;
        this.onReady = onReady;
        readiness = loop.register(channel, this::ready);
    }

    /** Takes the channel over; closes it if it cannot be watched. */
    static TcpSocket watch(SocketChannel channel, Loop loop, IntConsumer onReady) throws IOException {
        try {
            channel.configureBlocking(false);
            return new TcpSocket(channel, loop, onReady);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    /** Begins to connect; returns whether that is done. */
    boolean connect(InetSocketAddress address) throws IOException {
        mark = OwnSockets.ALL.connecting(address);
        return known(channel.connect(address));
    }

    /** Goes on connecting; returns whether that is done. */
    boolean finishConnect() throws IOException {
        return known(channel.finishConnect());
    }

    private boolean known(boolean isConnected) throws IOException {
        if (isConnected && mark != null) {
            mark.connected(channel);
        }
        return isConnected;
    }

    /** From now on somebody else is told of readiness. */
    void handOver(IntConsumer to) {
        onReady = to;
    }

    void interest(int operations) {
        readiness.interest(operations);
    }

    /** Closes at once; what the kernel took already still goes out. The watch ends first, or else the channel closes half only. */
    void close() {
        readiness.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed", channel, e);
        }
        if (mark != null) {
            mark.closed();
        }
    }

    /** Closes with a reset. */
    void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("{} closes in order, since it cannot be aborted", channel, e);
        }
        close();
    }

    private void ready(int operations) {
        onReady.accept(operations);
    }
}
