package dev.meshlease.examples.meshbot;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistry;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A component that does not know of the others' registry, and tries to open a link of its own. */
final class FifthComponent {
    private static final int FRAMES = 7;

    private FifthComponent() {}

    /** The refusal; empty if there was none, which would be a defect. No connection is made either way: the link gets no lease. */
    static Optional<DuplicateLinkException> open(Endpoint node) {
        try (LinkRegistry own = LinkRegistry.create()) {
            own.open(node, own.defaults()).close();
            return Optional.empty();
        } catch (DuplicateLinkException refused) {
            return Optional.of(refused);
        }
    }

    /** The refusal as a stack trace shows it, but with a few lines per stack. */
    static String print(Throwable thrown) {
        String frames = Arrays.stream(thrown.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n        at " + frame)
                .collect(Collectors.joining());
        String rest = thrown.getStackTrace().length > FRAMES ? "\n        ..." : "";
        String cause = thrown.getCause() == null ? "" : "\n    Caused by: " + print(thrown.getCause());
        return thrown + frames + rest + cause;
    }
}
