package dev.meshlease.internal.link;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written, in its order and at its time: packets that go again before anything else of their lease, then those that were
 * never written, as leases take turns.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class Departures {
    static final long LEFTOVERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Predicate<Shipment> isHeldBack;
    private final LongPredicate isInDoubt;
    private final Turns turns;
    private final Pacing pacing = new Pacing();
    // What was written, and goes again before anything else of its lease.
    private final List<Shipment> again = new ArrayList<>();
    private boolean held;
    // Until when a new session may still tell what a link loss cut off from its verdict.
    private long leftoversUntilNanos;

    /**
     * @param isHeldBack whether somebody else has the right to what a packet does; asked while a session stands
     * @param isInDoubt whether a lease has a packet of which it is not clear yet whether it goes again
     */
    Departures(Predicate<Shipment> isHeldBack, LongPredicate isInDoubt) {
        this.isHeldBack = isHeldBack;
        this.isInDoubt = isInDoubt;
        this.turns = new Turns(isHeldBack);
    }

    boolean hasRoom(long lease) {
        return turns.hasRoom(lease);
    }

    /** One that was never written. */
    void add(Shipment shipment) {
        turns.add(shipment);
    }

    /** One that was written, behind the others that go again. */
    void addAgain(Shipment shipment) {
        again.remove(shipment);
        again.add(shipment);
    }

    /** What a link loss cut off from its verdict: it goes first. */
    void addCutOff(List<Shipment> cut) {
        again.addAll(0, cut);
    }

    boolean goesAgain(Shipment shipment) {
        return again.contains(shipment);
    }

    /** There is no need to write it once more. */
    void notAgain(Shipment shipment) {
        again.remove(shipment);
    }

    void drop(Shipment shipment) {
        turns.remove(shipment);
        again.remove(shipment);
    }

    /** Takes out what a lease has never got written; but what goes even when the link is about to close stays. */
    List<Shipment> leaseClosed(long lease) {
        List<Shipment> dropped = new ArrayList<>();
        for (Shipment shipment : turns.removeAll(lease)) {
            if (shipment.isFarewell()) {
                turns.add(shipment);
            } else {
                dropped.add(shipment);
            }
        }
        return dropped;
    }

    void clear() {
        turns.clear();
        again.clear();
    }

    void linkUp(Moment now) {
        held = false;
        boolean mayHearMore =
                again.stream().anyMatch(shipment -> shipment.refusal().isEmpty());
        leftoversUntilNanos = mayHearMore ? now.nanos() + LEFTOVERS_NANOS : now.nanos();
    }

    /** Lets nothing go but farewells: the connection is about to end. */
    void hold() {
        held = true;
    }

    /** It is not, after all. */
    void resume() {
        held = false;
    }

    /** The node has read it, so the interval to the next on its port begins. */
    void read(Shipment shipment, Moment now) {
        pacing.read(shipment.port(), now);
    }

    /** Takes out what may go now, or null if there is nothing. */
    @Nullable
    Shipment next(Moment now) {
        for (Shipment shipment : again) {
            if (mayGo(shipment, now)) {
                again.remove(shipment);
                return shipment;
            }
        }
        return turns.next(head -> mayGo(head, now) && !waitsForAnother(head.lease()));
    }

    /** Whether there is something that only needs its time to come. */
    boolean isWaiting() {
        return !heads().isEmpty();
    }

    /** When {@link #next} will find something, or {@code otherwise} if that is sooner. */
    long dueNanos(Moment now, long otherwise) {
        long due = otherwise;
        for (Shipment head : heads()) {
            due = Due.earlier(due, mayGoNanos(head, now));
        }
        return due;
    }

    /** What may be written next, as soon as its time has come. */
    private List<Shipment> heads() {
        List<Shipment> heads = new ArrayList<>(again);
        turns.heads().stream().filter(head -> !waitsForAnother(head.lease())).forEach(heads::add);
        heads.removeIf(head -> !isWelcome(head));
        return heads;
    }

    /** A lease's packets stay in order, so they wait for the one that goes again. */
    private boolean waitsForAnother(long lease) {
        return isInDoubt.test(lease) || again.stream().anyMatch(shipment -> shipment.lease() == lease);
    }

    private boolean mayGo(Shipment shipment, Moment now) {
        return isWelcome(shipment) && now.isAtOrAfter(mayGoNanos(shipment, now));
    }

    /** Whether it is only a question of time when it may go. */
    private boolean isWelcome(Shipment shipment) {
        return (!held || shipment.isFarewell()) && !isHeldBack.test(shipment);
    }

    private long mayGoNanos(Shipment shipment, Moment now) {
        long may = Due.later(shipment.notBeforeNanos(now.nanos()), leftoversUntilNanos);
        return Due.later(pacing.dueNanos(shipment.port(), now.nanos()), may);
    }
}
