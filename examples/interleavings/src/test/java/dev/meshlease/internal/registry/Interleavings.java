package dev.meshlease.internal.registry;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How hard is tried: three threads with two calls each, and one before and after. What is called is drawn at random from a fixed seed. */
final class Interleavings {
    private Interleavings() {}

    /**
     * One thread runs at a time, and Lincheck decides where it is interrupted.
     *
     * @param scenarios how many sequences of calls are tried
     * @param orders in how many orders each
     */
    static ModelCheckingOptions modelled(int scenarios, int orders) {
        return new ModelCheckingOptions()
                // The JDK's own map is not in doubt.
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses("java.util.concurrent.ConcurrentHashMap")
                        .allMethods()
                        .treatAsAtomic())
                .iterations(scenarios)
                .invocationsPerIteration(orders)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    /** The machine decides. */
    static StressOptions stressed(int scenarios, int runs) {
        return new StressOptions()
                .iterations(scenarios)
                .invocationsPerIteration(runs)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1);
    }
}
