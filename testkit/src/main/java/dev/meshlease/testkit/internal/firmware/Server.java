package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The node's server: it has one client, and the accept poll decides which. On the node's thread. */
public final class Server implements Acceptor {
    /*
     * A connection goes through three hands. A face has it first: established as far as the client can tell, its bytes wait in the
     * kernel. The accept poll, on a grid of its own, takes out one at a time. Then it is `current`, or what the newcomer's fate is while
     * another one lives: `late` until that one's time is up, or among the `orphans`, never to be served.
     */
    private static final Duration LATE = Duration.ofMillis(600);
    private static final Duration BACKOFF = Duration.ofMillis(200);
    /** A newcomer that comes while the firmware backs off for the third time in a row is served after all. */
    private static final int MOST_BACKOFFS = 2;

    /** What a poll itself takes: those recorded come 100.1 to 100.5 ms after each other. */
    private static final long LOOK_NANOS = 250_000;

    private final Firmware firmware;
    private final List<Entrance> entrances = new ArrayList<>();
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private final Set<PhoneSession> orphans = new LinkedHashSet<>();
    private @Nullable PhoneSession current;
    private @Nullable PhoneSession late;

    /** Any moment at which the accept poll looks; it looks a whole number of periods before and after. */
    private long gridNanos;

    private boolean pollScheduled;
    private long notBeforeNanos;
    private int backoffs;
    private int refusals;
    private boolean watchesSilence;
    private boolean closed;

    Server(Firmware firmware) {
        this.firmware = firmware;
        gridNanos = firmware.nanoTime() + firmware.random().nextLong(firmware.nanos(Switch.ACCEPT_POLL));
        notBeforeNanos = firmware.nanoTime();
    }

    /** Has a face follow whether connections are refused. */
    public void entrance(Entrance entrance) {
        entrances.add(entrance);
        if (isRefusing()) {
            entrance.refuse(true);
        }
    }

    @Override
    public int backlog() {
        return firmware.get(Switch.BACKLOG);
    }

    @Override
    public int sendBuffer() {
        return firmware.get(Switch.SEND_BUFFER);
    }

    /** What to do with a connection once it is looked at, or if it is lost before. */
    private record Arrival(Runnable take, Runnable lost) {}

    @Override
    public boolean waits(Runnable take) {
        return waits(take, () -> {});
    }

    /** The same, and told if the node goes down or begins to refuse before it has looked. */
    public boolean waits(Runnable take, Runnable lost) {
        if (closed || isRefusing()) {
            return false;
        }
        waiting.addLast(new Arrival(take, lost));
        schedulePoll();
        return true;
    }

    private void schedulePoll() {
        boolean full = late != null || orphans.size() >= backlog();
        if (pollScheduled || full || waiting.isEmpty()) {
            return;
        }
        pollScheduled = true;
        long wait = untilNextPollNanos();
        long due = firmware.nanoTime() + wait;
        firmware.host().schedule(wait, () -> {
            long late = firmware.nanoTime() - due;
            firmware.doors().turns().ask(() -> poll(late));
        });
    }

    private long untilNextPollNanos() {
        long now = firmware.nanoTime();
        long earliest = Math.max(0, notBeforeNanos - now);
        return backoffs > 0 && earliest > 0
                ? earliest
                : earliest
                        + Math.floorMod(gridNanos - (now + earliest), firmware.nanos(Switch.ACCEPT_POLL) + LOOK_NANOS);
    }

    /**
     * Looks.
     *
     * @param lateNanos by how much the host's timer was late, which is none of the firmware's business: the grid stays where it is
     */
    private void poll(long lateNanos) {
        pollScheduled = false;
        Arrival next = waiting.pollFirst();
        try {
            if (next != null) {
                if (firmware.nanoTime() > notBeforeNanos) {
                    backoffs = 0; // a poll has found nobody in between
                }
                notBeforeNanos = firmware.nanoTime() + 1;
                next.take().run();
            }
        } finally {
            // The period counts from the end of an accept, which takes its time.
            gridNanos = firmware.nanoTime() - lateNanos;
            schedulePoll();
            firmware.doors().turns().over();
        }
    }

    @Override
    public ClientSession connected(ClientWire wire) {
        String name = firmware.doors().newName();
        Tap tap = new Tap(firmware.witnesses(), name, wire);
        if (!wire.isRival()) {
            firmware.muteClients().watch(name);
        }
        Line line = firmware.interference().between(name, tap);
        tap.leadsTo(line);
        PhoneSession session = new PhoneSession(firmware, name, line);
        line.leadsTo(session);
        firmware.counters().accepted++;
        if (closed) {
            session.close(true);
        } else {
            admit(session);
        }
        return tap;
    }

    private void admit(PhoneSession session) {
        boolean free = current == null || current.isGone();
        Newcomer fate = free ? Newcomer.TAKES_OVER : firmware.get(Switch.NEWCOMER);
        if (fate == Newcomer.STARVES && backoffs < MOST_BACKOFFS) {
            backoffs++;
            notBeforeNanos = firmware.nanoTime() + BACKOFF.toNanos() * backoffs;
            orphans.add(session);
            firmware.witnesses().noted(session.name() + " is let in and forgotten");
            session.starve();
        } else if (fate == Newcomer.TAKES_OVER_LATE) {
            late = session;
            firmware.host()
                    .schedule(LATE.toNanos(), () -> firmware.doors().turns().ask(this::takeOverLate));
        } else {
            serve(session);
        }
    }

    private void takeOverLate() {
        PhoneSession next = late;
        late = null;
        try {
            if (next != null) {
                serve(next);
            }
        } finally {
            schedulePoll();
            firmware.doors().turns().over();
        }
    }

    private void serve(PhoneSession next) {
        PhoneSession incumbent = current;
        if (incumbent != null) {
            if (!incumbent.isGone()) {
                firmware.counters().evictions++;
                firmware.witnesses().noted(next.name() + " evicts " + incumbent.name());
            }
            incumbent.end();
        }
        backoffs = 0;
        current = next;
        next.start();
        if (!watchesSilence && firmware.nanos(Switch.IDLE_TIMEOUT) > 0) {
            checkSilence();
        }
    }

    /** One timer for whoever is the client then: each of its own would keep all who have left since. */
    private void checkSilence() {
        watchesSilence = false;
        PhoneSession client = current;
        if (client == null) {
            return;
        }
        long left = client.patienceNanos();
        if (left > 0) {
            watchesSilence = true;
            firmware.host().schedule(left, this::checkSilence);
        } else {
            client.endIdle();
        }
    }

    /** A session is over. */
    void ended(PhoneSession session) {
        if (session.equals(current)) {
            current = null;
        } else if (session.equals(late)) {
            late = null;
        } else if (orphans.remove(session)) {
            schedulePoll();
        }
    }

    /** Something waits for the client. */
    void news() {
        if (current != null) {
            current.news();
        }
    }

    boolean hasClient() {
        return current != null;
    }

    /** Ends the client's session in order. */
    public void disconnectClient() {
        if (current != null) {
            current.close(false);
        }
    }

    /** Refuses connections on all faces, until all who wanted that let them in again. Those that wait are lost. */
    public void refuse(boolean refused) {
        boolean before = isRefusing();
        refusals += refused ? 1 : -1;
        if (before != isRefusing()) {
            waiting.forEach(each -> each.lost().run());
            waiting.clear();
            entrances.forEach(entrance -> entrance.refuse(refused));
        }
    }

    private boolean isRefusing() {
        return refusals > 0;
    }

    /** The firmware stops, with or without a word to its clients. */
    void down(boolean silently) {
        refuse(true);
        sessions().forEach(silently ? PhoneSession::vanish : PhoneSession::end);
        pollScheduled = false;
        watchesSilence = false;
        backoffs = 0;
    }

    private List<PhoneSession> sessions() {
        List<PhoneSession> all = new ArrayList<>(orphans);
        Stream.of(current, late).filter(Objects::nonNull).forEach(all::add);
        return all;
    }

    /** Ends all sessions; connections are refused from now on. */
    void close() {
        closed = true;
        refuse(true);
        sessions().forEach(session -> session.close(false));
    }
}
