package dev.meshlease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a link is. One consistent picture.
 *
 * @param endpoint the spelling under which the link was opened
 * @param state where it is in its life
 * @param since when it came into this state
 * @param generation how many connections there were, the current one included; on a serial console, how many sessions, since one may end
 *     without the other
 * @param nextAttempt while BACKING_OFF, when it connects again; sooner, if it waits for a device that is plugged in before
 * @param handshake while HANDSHAKING, how far that is. Watchers are told of transitions only: ask for it
 * @param contention what speaks for a rival, if anything does
 * @param change the last time that another node answered than before, or the same under another number
 * @param foreign who else on this machine is connected to the node past the library
 * @param losses the last 16 connections that ended or did not come about, oldest first
 * @param closedWith of a link that was closed by something other than its owner, by what
 */
public record LinkStatus(
        Endpoint endpoint,
        LinkState state,
        Instant since,
        long generation,
        Optional<Instant> nextAttempt,
        Optional<HandshakeProgress> handshake,
        Optional<Contention> contention,
        Optional<NodeChange> change,
        ForeignConnections foreign,
        List<LinkLoss> losses,
        Optional<MeshleaseException> closedWith) {
    public LinkStatus {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(foreign, "foreign");
        losses = List.copyOf(losses);
    }

    /** The same with who else is connected to the node. */
    public LinkStatus with(ForeignConnections others) {
        return new LinkStatus(
                endpoint,
                state,
                since,
                generation,
                nextAttempt,
                handshake,
                contention,
                change,
                others,
                losses,
                closedWith);
    }

    /** Whether packets flow. */
    public boolean isReady() {
        return state == LinkState.READY;
    }

    /** The last loss, if there was one. */
    public Optional<LinkLoss> lastLoss() {
        return losses.isEmpty() ? Optional.empty() : Optional.of(losses.get(losses.size() - 1));
    }

    private static String firstLine(MeshleaseException reason) {
        return String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
    }

    /** One line for a log: {@code tcp://meshtastic.local BACKING_OFF since …, generation 3, last loss RESET (…), next attempt …}. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder()
                .append(endpoint)
                .append(' ')
                .append(state)
                .append(" since ")
                .append(since.truncatedTo(ChronoUnit.MILLIS))
                .append(", generation ")
                .append(generation);
        lastLoss()
                .ifPresent(loss -> line.append(", last loss ")
                        .append(loss.cause())
                        .append(" (")
                        .append(loss.evidence())
                        .append(") at ")
                        .append(loss.at().truncatedTo(ChronoUnit.MILLIS)));
        handshake.ifPresent(progress -> line.append(", ").append(progress));
        contention.ifPresent(evidence -> line.append(", ").append(evidence));
        change.ifPresent(news -> line.append(", ").append(news));
        if (!foreign.seen().isEmpty() || (contention.isPresent() && !foreign.equals(ForeignConnections.NONE))) {
            line.append(", foreign connections from this machine: ").append(foreign);
        }
        nextAttempt.ifPresent(at -> line.append(", next attempt ").append(at.truncatedTo(ChronoUnit.MILLIS)));
        closedWith.ifPresent(reason -> line.append(", closed with ").append(firstLine(reason)));
        return line.toString();
    }
}
