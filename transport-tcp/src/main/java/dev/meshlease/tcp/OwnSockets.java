package dev.meshlease.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that this transport has open, or had a moment ago, in all registries: what is none of them is a stranger's, also in this
 * program. A look takes a while, so it asks for what was open at any time since it began.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
final class OwnSockets {
    /** For all of this class's loader; two of them never have the same node. */
    static final OwnSockets ALL = new OwnSockets();

    /** For longer than a look takes. */
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A program that this one starts has copies of its sockets for a moment: until then they stay open, in that one's name. */
    private static final long INHERITED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Set<Mark> marks = ConcurrentHashMap.newKeySet();

    /** Before a socket is connected. */
    Mark connecting(InetSocketAddress remote) {
        long now = System.nanoTime();
        marks.removeIf(old -> old.isClosed && now - old.closedNanos > REMEMBERED_NANOS);
        Mark mark = new Mark(remote);
        marks.add(mark);
        return mark;
    }

    /** Whether there was such a socket since then, or shortly before. */
    boolean had(InetSocketAddress local, InetSocketAddress remote, long sinceNanos) {
        return marks.stream()
                .anyMatch(mark ->
                        local.equals(mark.local) && mark.leadsTo(remote) && mark.wasOpen(sinceNanos - INHERITED_NANOS));
    }

    /** Whether there was one since then whose own address is not known. */
    boolean wasConnecting(InetSocketAddress remote, long sinceNanos) {
        return marks.stream().anyMatch(mark -> mark.local == null && mark.leadsTo(remote) && mark.wasOpen(sinceNanos));
    }

    /** One socket. Equal to none but itself. */
    static final class Mark {
        private final InetSocketAddress remote;
        private volatile @Nullable InetSocketAddress local;
        private volatile long closedNanos;
        private volatile boolean isClosed;

        private Mark(InetSocketAddress remote) {
            this.remote = remote;
        }

        void connected(SocketChannel channel) throws IOException {
            local = (InetSocketAddress) channel.getLocalAddress();
        }

        /** After the socket was closed. */
        void closed() {
            closedNanos = System.nanoTime();
            isClosed = true;
        }

        /** The unspecified address leads to whichever one of this machine the system likes. */
        private boolean leadsTo(InetSocketAddress address) {
            return remote.equals(address)
                    || (remote.getAddress().isAnyLocalAddress() && remote.getPort() == address.getPort());
        }

        private boolean wasOpen(long sinceNanos) {
            return !isClosed || closedNanos - sinceNanos >= 0;
        }
    }
}
