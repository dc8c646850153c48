package dev.meshlease.internal.registry;

import dev.meshlease.Link;
import dev.meshlease.LinkRegistry;
import java.util.Arrays;
import java.util.Set;

/** Where this library was called. */
final class Callers {
    // Their default methods come before the caller's own.
    private static final Set<String> OURS = Set.of(LinkRegistry.class.getName(), Link.class.getName());

    private Callers() {}

    /** This thread's stack, for whoever looks for it later; it begins with the code that called this library. */
    static Throwable here(String what) {
        Throwable here = new Throwable(what);
        here.setStackTrace(Arrays.stream(here.getStackTrace())
                .dropWhile(frame -> frame.getClassName().startsWith("dev.meshlease.internal.")
                        || OURS.contains(frame.getClassName()))
                .toArray(StackTraceElement[]::new));
        return here;
    }
}
