package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.Switch;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** The node's own packets that want an ack and have none yet: each is queued three times, then given up. On the node's thread. */
final class Attempts {
    private static final int MOST = 3;

    private final Firmware firmware;
    private final Transmitter transmitter;
    private final IntConsumer givenUp;
    private final Map<Integer, Attempt> open = new HashMap<>();

    private static final class Attempt {
        final Transmission transmission;
        int count;

        Attempt(Transmission transmission, int count) {
            this.transmission = transmission;
            this.count = count;
        }

        int id() {
            return transmission.packet().getId();
        }
    }

    /**
     * @param givenUp is told the id of a packet that nobody acknowledged
     */
    Attempts(Firmware firmware, Transmitter transmitter, IntConsumer givenUp) {
        this.firmware = firmware;
        this.transmitter = transmitter;
        this.givenUp = givenUp;
    }

    /** Follows a packet that has just been queued for the first time. */
    void begin(Transmission transmission) {
        begin(new Attempt(transmission, 1), 1);
    }

    /** Gives a packet up after the time that three attempts take, without making one. */
    void giveUpLater(Transmission transmission) {
        begin(new Attempt(transmission, MOST), MOST);
    }

    private void begin(Attempt attempt, int waits) {
        open.put(attempt.id(), attempt);
        later(attempt, waits);
    }

    private void later(Attempt attempt, int waits) {
        firmware.host().schedule(waits * firmware.nanos(Switch.RETRANSMIT_AFTER), () -> again(attempt));
    }

    private void again(Attempt attempt) {
        if (!attempt.equals(open.get(attempt.id()))) {
            return;
        }
        boolean waits = transmitter.holds(attempt.transmission);
        if (!waits && attempt.count >= MOST) {
            open.remove(attempt.id());
            givenUp.accept(attempt.id());
            return;
        }
        if (!waits && transmitter.offer(attempt.transmission)) {
            attempt.count++;
        }
        later(attempt, 1);
    }

    /** Somebody has heard it: no more attempts. Returns whether there was still one to come. */
    boolean end(int packetId) {
        return open.remove(packetId) != null;
    }
}
