package dev.meshlease.internal.registry;

import dev.meshlease.ForeignConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Findings made of JDK types only, for other copies of this class in the JVM. */
final class ForeignNotes {
    private static final String PID = "pid";
    private static final String USER = "user";
    private static final String COMMAND = "command";
    private static final String LOCAL = "local";
    private static final String REMOTE = "remote";
    private static final String SINCE = "since";
    private static final String SEEN_AT = "seenAt";
    private static final long NONE = -1;

    private ForeignNotes() {}

    static List<Map<String, Object>> of(List<ForeignConnection> found) {
        return found.stream().map(ForeignNotes::of).toList();
    }

    private static Map<String, Object> of(ForeignConnection found) {
        return Map.of(
                PID, found.pid().orElse(NONE),
                USER, found.user().orElse(NONE),
                COMMAND, found.command(),
                LOCAL, found.local(),
                REMOTE, found.remote(),
                SINCE, found.since(),
                SEEN_AT, found.seenAt());
    }

    /** What another copy has written; what is not understood is left out. */
    static List<ForeignConnection> read(List<Map<String, Object>> notes) {
        List<ForeignConnection> found = new ArrayList<>();
        for (Map<String, Object> note : notes) {
            if (note.get(PID) instanceof Long pid
                    && note.get(USER) instanceof Long user
                    && note.get(COMMAND) instanceof String command
                    && note.get(LOCAL) instanceof String local
                    && note.get(REMOTE) instanceof String remote
                    && note.get(SINCE) instanceof Instant since
                    && note.get(SEEN_AT) instanceof Instant seenAt) {
                found.add(new ForeignConnection(optional(pid), optional(user), command, local, remote, since, seenAt));
            }
        }
        return found;
    }

    private static OptionalLong optional(long number) {
        return number == NONE ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
