package dev.meshlease.tcp;

import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who else on this machine is connected to a node, as Linux shows it: the table of connections names the two ends, the user and the
 * socket; the processes' file descriptors say whose socket that is.
 *
 * <p>A connection of this transport's own is known by its two ends ({@link OwnSockets}). All others count, also this program's. The other
 * direction, which a node on this machine has, does not: only the remote end is compared.
 *
 * <p><b>Threading:</b> immutable; blocks.
 */
final class TcpLookout implements Lookout {
    private static final Path PROC = Path.of("/proc");
    private static final Duration MOST_TIME = Duration.ofSeconds(2);

    private final Set<String> places;
    private final OwnSockets own;
    private final ConnectionTable table;
    private final Processes processes;
    private final long ownPid;

    TcpLookout(Collection<InetSocketAddress> addresses) {
        this(addresses, PROC, ByteOrder.nativeOrder(), ProcessHandle.current().pid(), OwnSockets.ALL);
    }

    /** For tests: on another {@code /proc}. */
    TcpLookout(Collection<InetSocketAddress> addresses, Path proc, ByteOrder order, long ownPid, OwnSockets own) {
        this.places = addresses.stream().map(TcpLookout::place).collect(Collectors.toUnmodifiableSet());
        this.own = own;
        this.table = new ConnectionTable(proc, order);
        this.processes = new Processes(proc, ownPid);
        this.ownPid = ownPid;
    }

    /** As in keys, where all of loopback that is one is one; but without a zone, of which the table knows nothing. */
    private static String place(InetSocketAddress address) {
        return TcpKeys.text(withoutZone(address.getAddress()), address.getPort());
    }

    private static InetAddress withoutZone(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError("Sixteen bytes are an address", e);
        }
    }

    @Override
    public Sighting look() {
        long beginNanos = System.nanoTime();
        try {
            List<ConnectionTable.Entry> others = table.to(remote -> places.contains(place(remote))).stream()
                    .filter(each -> !own.had(each.local(), each.remote(), beginNanos))
                    .toList();
            return new Sighting.Seen(others.isEmpty() ? List.of() : strangers(others, beginNanos));
        } catch (IOException | SecurityException unreadable) {
            return new Sighting.Unknown("this system does not show its connections in " + PROC.resolve("net/tcp"));
        }
    }

    private List<Stranger> strangers(List<ConnectionTable.Entry> others, long beginNanos) {
        Set<Long> sockets = others.stream().map(ConnectionTable.Entry::inode).collect(Collectors.toUnmodifiableSet());
        Map<Long, Long> owners = processes.owners(sockets, beginNanos + MOST_TIME.toNanos());
        List<Stranger> strangers = new ArrayList<>();
        for (ConnectionTable.Entry other : others) {
            Long pid = owners.get(other.inode());
            if (isOwn(other, pid, beginNanos) || (pid == null && !other.isEstablished())) {
                continue; // Or an attempt that is over by now.
            }
            strangers.add(new Stranger(
                    pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
                    OptionalLong.of(other.user()),
                    pid == null ? "" : processes.command(pid),
                    text(other.local()),
                    text(other.remote())));
        }
        return strangers;
    }

    /** Asked again, since a connection may have come about while the table was read; the transport learns its own end only then. */
    private boolean isOwn(ConnectionTable.Entry entry, @Nullable Long pid, long beginNanos) {
        boolean mayBeOurs = pid == null || pid == ownPid;
        return own.had(entry.local(), entry.remote(), beginNanos)
                || (mayBeOurs && own.wasConnecting(entry.remote(), beginNanos));
    }

    private static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String shown =
                host instanceof Inet6Address ? "[" + Ipv6Text.of(host.getAddress()) + "]" : host.getHostAddress();
        return shown + ":" + address.getPort();
    }
}
