package dev.meshlease.internal.registry;

import dev.meshlease.ForeignConnection;
import dev.meshlease.spi.Stranger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Who was seen to be connected to a link's node past the library, look by look. */
final class Findings {
    /** Two that evict each other are connected in turns, so whoever is not there at this moment may not be gone. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Far more than a node can have clients. */
    private static final int MOST = 16;

    /** What has changed with a look. */
    record News(List<ForeignConnection> come, List<ForeignConnection> gone) {
        boolean isEmpty() {
            return come.isEmpty() && gone.isEmpty();
        }
    }

    private record Finding(ForeignConnection what, long seenNanos) {}

    /** Who it is, however often he connects anew. */
    private record Identity(OptionalLong pid, String command, OptionalLong user) {}

    private List<Finding> findings = List.of();

    List<ForeignConnection> list() {
        return findings.stream().map(Finding::what).toList();
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    void forget() {
        findings = List.of();
    }

    News seen(List<Stranger> strangers, Instant now, long nanos) {
        List<Finding> next = new ArrayList<>();
        List<ForeignConnection> come = new ArrayList<>();
        List<ForeignConnection> gone = new ArrayList<>();
        for (Finding known : findings) {
            Optional<Stranger> again = strangers.stream()
                    .filter(each -> identity(each).equals(identity(known.what())))
                    .findFirst();
            if (again.isPresent()) {
                next.add(new Finding(foreign(again.get(), known.what().since(), now), nanos));
            } else if (nanos - known.seenNanos() < GRACE_NANOS) {
                next.add(known);
            } else {
                gone.add(known.what());
            }
        }
        for (Stranger stranger : strangers) {
            boolean isNew =
                    next.stream().noneMatch(each -> identity(each.what()).equals(identity(stranger)));
            if (isNew && next.size() < MOST) {
                ForeignConnection found = foreign(stranger, now, now);
                next.add(new Finding(found, nanos));
                come.add(found);
            }
        }
        findings = List.copyOf(next);
        return new News(List.copyOf(come), List.copyOf(gone));
    }

    private static ForeignConnection foreign(Stranger stranger, Instant since, Instant now) {
        return new ForeignConnection(
                stranger.pid(), stranger.user(), stranger.command(), stranger.local(), stranger.remote(), since, now);
    }

    private static Identity identity(Stranger stranger) {
        return new Identity(stranger.pid(), stranger.command(), stranger.user());
    }

    private static Identity identity(ForeignConnection found) {
        return new Identity(found.pid(), found.command(), found.user());
    }
}
