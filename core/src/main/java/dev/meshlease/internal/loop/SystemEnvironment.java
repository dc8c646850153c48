package dev.meshlease.internal.loop;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.net.InetAddress;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** The real thing. Holds no thread while nothing runs, so there is nothing to close. */
public final class SystemEnvironment implements Environment {
    private static final int MOST_CALLBACKS = 512;
    private static final int MOST_HELPERS = 32;

    private final TimeSource time = new SystemTime();
    private final RandomGenerator random = new SharedRandom();
    private final Executor callbacks = new GrowingPool(
            "meshlease-callback-",
            MOST_CALLBACKS,
            "Every callback thread is busy, and callbacks begin to wait for one: let listeners return soon, or give the registry an"
                    + " executor of your own");
    private final NameResolver names = new SystemResolver(
            helpers(
                    "Every helper thread is busy, and lookups begin to wait for one: the system's name service hangs, check it"),
            InetAddress::getAllByName);

    /** Apart from those of names, so that neither kind of trouble holds up the other. */
    private static final class Shared {
        static final Executor HELPERS = helpers(
                "Every helper thread is busy, and claims begin to wait for one: the file system of the claim folder hangs, check it");
    }

    private static Executor helpers(String alarm) {
        return new GrowingPool("meshlease-helper-", MOST_HELPERS, alarm);
    }

    /** For work on files. */
    public static Executor sharedHelpers() {
        return Shared.HELPERS;
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public NameResolver names() {
        return names;
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    @Override
    public Loop newLoop(String name) {
        return SelectorLoop.start(name);
    }
}
