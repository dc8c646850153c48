package dev.meshlease.testkit.contract;

import dev.meshlease.spi.LinkClaims;
import dev.meshlease.testkit.ClaimingProgram;
import dev.meshlease.testkit.MemoryClaims;
import dev.meshlease.testkit.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The store in memory, in real or virtual time. */
final class MemoryClaimsWorld implements ClaimsWorld {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final @Nullable VirtualEnvironment environment;
    private final MemoryClaims store;
    private final Duration delay;
    private final List<ClaimingProgram> programs = new ArrayList<>();

    private MemoryClaimsWorld(@Nullable VirtualEnvironment environment, MemoryClaims store, Duration delay) {
        this.environment = environment;
        this.store = store;
        this.delay = delay;
    }

    static MemoryClaimsWorld virtual(Duration delay) {
        VirtualEnvironment environment = VirtualEnvironment.create();
        return new MemoryClaimsWorld(environment, MemoryClaims.create(environment), delay);
    }

    static MemoryClaimsWorld real(Duration delay) {
        return new MemoryClaimsWorld(null, MemoryClaims.create(), delay);
    }

    @Override
    public LinkClaims join() {
        ClaimingProgram program = store.program();
        program.delay(delay);
        programs.add(program);
        return program;
    }

    @Override
    public void cut(LinkClaims program) {
        ((ClaimingProgram) program).cut("no contact");
    }

    @Override
    public void mend(LinkClaims program) {
        ((ClaimingProgram) program).mend();
    }

    @Override
    public void lose(LinkClaims program) {
        var unused = ((ClaimingProgram) program).lose("its session expired");
    }

    @Override
    public void eventually(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (int i = 0; !holds.getAsBoolean(); i++) {
            if (environment == null ? System.nanoTime() - end > 0 : i == LIMIT.toMillis()) {
                throw new AssertionError("Not within " + LIMIT + ": " + what);
            }
            if (environment == null) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            } else {
                environment.advance(Duration.ofMillis(1));
            }
        }
    }

    @Override
    public void close() {
        programs.forEach(ClaimingProgram::close);
    }
}
