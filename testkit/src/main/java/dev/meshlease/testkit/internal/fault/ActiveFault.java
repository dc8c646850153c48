package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A fault that a node has: its luck, how often it has struck, and what it is doing at present. On the node's thread. */
final class ActiveFault {
    /*
     * Its chance is its own, so that one fault more changes nothing for the others. An effect is something that lasts, at a place: a
     * connection, or this object for the node as a whole. It ends with its time, its place, or the fault.
     */
    private final Fault fault;
    private final NodeHost host;
    private final Consumer<ActiveFault> whenOver;
    private final RandomGenerator random;
    private final Map<Object, Effect> effects = new LinkedHashMap<>();
    private int connections;
    private int strikes;
    private boolean over;

    /** Compared by identity: a place may have had another one before. */
    private static final class Effect {
        final Runnable undo;

        Effect(Runnable undo) {
            this.undo = undo;
        }
    }

    ActiveFault(Fault fault, NodeHost host, Consumer<ActiveFault> whenOver) {
        this.fault = fault;
        this.host = host;
        this.whenOver = whenOver;
        random = new SplittableRandom(host.random().nextLong());
    }

    /** Starts what depends on the time of its injection. */
    void start() {
        if (fault.kind().isOfFrames() && fault.lasting() != null) {
            host.schedule(fault.lasting().toNanos(), this::end);
        }
    }

    Fault fault() {
        return fault;
    }

    RandomGenerator random() {
        return random;
    }

    int strikes() {
        return strikes;
    }

    /** Counts one more connection; returns whether it concerns that one. */
    boolean concernsNext() {
        connections++;
        return !over && (fault.connection() == 0 || fault.connection() == connections);
    }

    /** Decides on an occasion whether it strikes, which is counted. */
    boolean strikesNow() {
        boolean lucky = over || (fault.chance() < 1 && random.nextDouble() >= fault.chance());
        return !lucky && strikesAgain();
    }

    /** Has it strike once more without leaving it to chance; returns whether it may. */
    boolean strikesAgain() {
        if (over || strikes >= fault.times()) {
            return false;
        }
        strikes++;
        return true;
    }

    /** Something begins that lasts. */
    void begin(Object where, Runnable undo) {
        Effect effect = new Effect(undo);
        effects.put(where, effect);
        if (fault.lasting() != null) {
            host.schedule(fault.lasting().toNanos(), () -> {
                if (effect.equals(effects.get(where))) {
                    end(where);
                }
            });
        }
    }

    boolean isInEffect(Object where) {
        return effects.containsKey(where);
    }

    /** Ends what lasts there, if anything. */
    void end(Object where) {
        Effect effect = effects.remove(where);
        if (effect != null) {
            effect.undo.run();
            settle();
        }
    }

    /** Finds out whether nothing more can come of it. */
    void settle() {
        if (strikes >= fault.times() && effects.isEmpty()) {
            end();
        }
    }

    /** Ends it and all that lasts of it. Idempotent. */
    void end() {
        if (!over) {
            over = true;
            while (!effects.isEmpty()) {
                Object where = effects.keySet().iterator().next();
                Objects.requireNonNull(effects.remove(where)).undo.run();
            }
            whenOver.accept(this);
        }
    }
}
