package dev.meshlease.spi;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * An environment that does all as another one does it, but for what a subclass overrides: such as {@link #names()}, for a resolver of one's
 * own. It is equal to none but itself: over a {@linkplain #isVirtual() virtual} one, its registries know nothing of the links of others.
 *
 * <p><b>Threading:</b> as the other one.
 */
public abstract class ForwardingEnvironment implements Environment {
    private final Environment real;

    /** Does as the given one does. */
    protected ForwardingEnvironment(Environment real) {
        this.real = Objects.requireNonNull(real, "real");
    }

    @Override
    public TimeSource time() {
        return real.time();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public NameResolver names() {
        return real.names();
    }

    @Override
    public Executor callbacks() {
        return real.callbacks();
    }

    @Override
    public Executor helpers() {
        return real.helpers();
    }

    @Override
    public boolean isVirtual() {
        return real.isVirtual();
    }

    @Override
    public void dropped(Runnable giveBack) {
        real.dropped(giveBack);
    }

    @Override
    public Loop newLoop(String name) {
        return real.newLoop(name);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " over " + real;
    }
}
