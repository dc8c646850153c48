package dev.meshlease.tcp;

import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect: the addresses one after another, each with a socket and a time limit of its own; the socket of one is closed
 * before the next is opened.
 *
 * <p><b>Threading:</b> on the loop only.
 */
final class TcpConnector {
    private final Loop loop;
    private final Iterator<InetSocketAddress> addresses;
    private final Duration timeout;

    private @Nullable Outcome outcome;
    private @Nullable TcpSocket socket;
    private Loop.@Nullable Timer timer;
    private @Nullable Loss failures;

    TcpConnector(Loop loop, List<InetSocketAddress> addresses, Duration timeout) {
        this.loop = loop;
        this.addresses = addresses.iterator();
        this.timeout = timeout;
    }

    /** Begins; the outcome may come from inside this call. */
    void start(Outcome to) {
        outcome = to;
        next();
    }

    /** Ends the attempt without an outcome. Idempotent. */
    void cancel() {
        outcome = null;
        drop();
    }

    private void next() {
        while (outcome != null && socket == null) {
            if (!addresses.hasNext()) {
                Outcome to = outcome;
                outcome = null;
                to.failed(failures == null ? Loss.of(Loss.Kind.FAILED, "No address to connect to") : failures);
                return;
            }
            attempt(addresses.next());
        }
    }

    private void attempt(InetSocketAddress address) {
        try {
            SocketChannel channel = SocketChannel.open();
            TcpSocket opened = TcpSocket.watch(channel, loop, ready -> finish(address));
            socket = opened;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (opened.connect(address)) {
                succeed(opened);
                return;
            }
            opened.interest(SelectionKey.OP_CONNECT);
            timer = loop.schedule(timeout.toNanos(), () -> timedOut(address));
        } catch (IOException | UnsupportedAddressTypeException e) {
            fail(address, TcpLosses.of(e));
        }
    }

    private void finish(InetSocketAddress address) {
        TcpSocket opened = socket;
        if (opened == null) {
            return;
        }
        try {
            if (opened.finishConnect()) {
                succeed(opened);
            }
        } catch (IOException e) {
            fail(address, TcpLosses.of(e));
            next();
        }
    }

    private void timedOut(InetSocketAddress address) {
        fail(address, Loss.of(Loss.Kind.TIMED_OUT, "no answer within " + timeout.toMillis() + " ms"));
        next();
    }

    private void succeed(TcpSocket opened) {
        Outcome to = outcome;
        outcome = null;
        socket = null;
        stopTimer();
        opened.interest(0);
        if (to != null) {
            to.connected(opened);
        }
    }

    private void fail(InetSocketAddress address, Loss loss) {
        drop();
        Loss here = TcpLosses.at(address, loss);
        failures = failures == null ? here : TcpLosses.sum(failures, here);
    }

    private void drop() {
        stopTimer();
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Told once how the attempt ended, unless it was cancelled. */
    interface Outcome {
        /** Connected; the socket is the receiver's now. */
        void connected(TcpSocket socket);

        /** No address could be connected to. */
        void failed(Loss loss);
    }
}
