package dev.meshlease.testkit.contract;

import dev.meshlease.spi.LinkClaims;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The contract as a store with a flaw runs it; run by {@link LinkClaimsContractTest} only, one flaw after the other. */
final class FlawedSamples {
    static volatile Flaw flaw = Flaw.NONE;

    private FlawedSamples() {}

    static class OfAFlawedStore extends LinkClaimsContract {
        @Override
        protected ClaimsWorld newWorld() {
            return new World(flaw);
        }
    }

    private static final class World implements ClaimsWorld {
        private final MemoryClaimsWorld sound = MemoryClaimsWorld.virtual(Duration.ZERO);
        private final FlawedClaims.Common common = new FlawedClaims.Common();
        private final Flaw its;

        World(Flaw its) {
            this.its = its;
        }

        @Override
        public LinkClaims join() {
            return new FlawedClaims(sound.join(), its, common);
        }

        private LinkClaims sound(LinkClaims program, boolean isOutOfReach) {
            FlawedClaims flawed = (FlawedClaims) program;
            flawed.outOfReach = isOutOfReach;
            return flawed.sound;
        }

        @Override
        public void cut(LinkClaims program) {
            sound.cut(sound(program, true));
        }

        @Override
        public void mend(LinkClaims program) {
            sound.mend(sound(program, false));
        }

        @Override
        public void lose(LinkClaims program) {
            sound.lose(sound(program, false));
        }

        @Override
        public void eventually(String what, BooleanSupplier holds) {
            sound.eventually(what, holds);
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}
