package dev.meshlease.internal.registry;

import dev.meshlease.ForeignConnections;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The picture as text, for a log or a terminal. */
final class Description {
    private static final int MOST_LOSSES = 3;

    private final StringBuilder text = new StringBuilder();
    private final Instant now;

    private Description(Instant now) {
        this.now = now;
    }

    /** @param machine what is kept off of this machine, if there is anything to say */
    static String of(List<SharedLink> links, boolean closed, Optional<String> machine, Instant now) {
        Description description = new Description(now);
        description.text.append(closed ? "Registry, closed" : "Registry with " + count(links.size(), "link"));
        machine.ifPresent(words -> description.line("claims", words));
        links.forEach(link -> {
            description.text.append('\n');
            description.add(link);
        });
        return description.text.toString();
    }

    static String of(SharedLink link, Instant now) {
        Description description = new Description(now);
        description.add(link);
        return description.text.toString();
    }

    private void add(SharedLink link) {
        LinkStatus status = link.status();
        text.append(status.endpoint())
                .append(": ")
                .append(status.state())
                .append(" for ")
                .append(age(status.since()))
                .append(", generation ")
                .append(status.generation());
        status.nextAttempt()
                .ifPresent(next -> text.append(", next attempt in ").append(span(Duration.between(now, next))));
        line("keys", new TreeSet<>(link.keys()).stream().map(Object::toString).collect(Collectors.joining(", ")));
        status.handshake().ifPresent(progress -> line("handshake", progress.toString()));
        status.contention().ifPresent(rival -> line("rival", rival.toString()));
        if (status.contention().isPresent() || status.foreign().lookedAt().isPresent()) {
            String foreign = status.foreign().toString();
            if (!foreign.isEmpty()) {
                line("foreign", foreign + looked(status.foreign()));
            }
        }
        status.closedWith().ifPresent(why -> line("closed", String.valueOf(why.getMessage())));
        NodeSnapshot node = link.snapshot();
        if (node != null) {
            line("node", told(node));
        }
        status.change().ifPresent(news -> line("changed", news.toString()));
        line("wire", link.wire());
        line("history", link.history().describe(this::age));
        List<LinkLoss> losses = status.losses();
        losses.subList(Math.max(0, losses.size() - MOST_LOSSES), losses.size())
                .forEach(loss -> line("lost", age(loss.at()) + " ago, " + loss.cause() + ": " + loss.evidence()));
        List<LeaseInfo> leases = link.leases();
        line("leases", leases.isEmpty() ? "none" : Integer.toString(leases.size()));
        leases.forEach(this::add);
    }

    private String looked(ForeignConnections foreign) {
        return foreign.lookedAt().map(at -> ", looked " + age(at) + " ago").orElse("");
    }

    private String told(NodeSnapshot node) {
        return node.id() + ", firmware " + node.metadata().getFirmwareVersion() + ", "
                + count(node.nodes().size(), "node") + ", "
                + count(node.channels().size(), "channel") + ", told "
                + age(node.takenAt()) + " ago";
    }

    private void line(String what, String words) {
        text.append(String.format(Locale.ROOT, "\n  %-10s", what)).append(words);
    }

    private void add(LeaseInfo lease) {
        String oldest = lease.oldestUnread()
                .map(age -> " (the oldest for " + span(age) + ")")
                .orElse("");
        text.append(String.format(
                Locale.ROOT,
                "\n    #%d '%s' for %s: %s, %d delivered, %d dropped, %d queued%s, %d in flight",
                lease.number(),
                lease.holder(),
                age(lease.since()),
                count(lease.subscriptions(), "subscription"),
                lease.delivered(),
                lease.dropped(),
                lease.queued(),
                oldest,
                lease.inFlight()));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private String age(Instant since) {
        return span(Duration.between(since, now));
    }

    /** In the units that matter to a person. */
    private static String span(Duration time) {
        if (time.isNegative()) {
            return "0 s"; // The clock was set back.
        }
        if (time.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toDays() < 1
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }
}
