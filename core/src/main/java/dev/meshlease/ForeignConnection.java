package dev.meshlease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Somebody on this machine who was seen to be connected to a link's node past the library. Who has several connections is listed once, with
 * the one that was seen first in the last look.
 *
 * @param pid the process; empty where the platform does not tell it, such as of other users' processes
 * @param user the number of the user whose process it is; empty where the platform does not tell
 * @param command its program and first arguments, 120 characters at most, without what looks like a secret; empty where it is not known
 * @param local this machine's end of the connection; empty for who has the node's serial device open
 * @param remote the node's end of it, or the device
 * @param since when it was first seen
 * @param seenAt when it was last seen
 */
public record ForeignConnection(
        OptionalLong pid,
        OptionalLong user,
        String command,
        String local,
        String remote,
        Instant since,
        Instant seenAt) {
    public ForeignConnection {
        Objects.requireNonNull(pid, "pid");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(seenAt, "seenAt");
    }

    /** Whether it is other code in this very program. */
    public boolean isThisProgram() {
        return pid.isPresent() && pid.getAsLong() == ProcessHandle.current().pid();
    }

    /** Whether it is no connection over a network, but somebody who has the node's serial device open, and takes bytes away from the link. */
    public boolean hasDeviceOpen() {
        return local.isEmpty();
    }

    /** Who it is, for people: {@code process 4711 (python3 trace.py 10.0.0.7)}, with what is known of it. */
    public String process() {
        if (isThisProgram()) {
            return "this program itself (process " + pid.getAsLong() + ")";
        }
        if (pid.isPresent()) {
            return "process " + pid.getAsLong() + (command.isEmpty() ? "" : " (" + command + ")");
        }
        return user.isPresent() ? "a process of user " + user.getAsLong() : "a process of this machine";
    }

    /**
     * As in {@code process 4711 (python3 trace.py 10.0.0.7) from 10.0.0.5:50123 to 10.0.0.7:4403, since …}, or {@code process 4711 (cat) has
     * /dev/ttyUSB0 open, since …}.
     */
    @Override
    public String toString() {
        return process() + (hasDeviceOpen() ? " has " + remote + " open" : " from " + local + " to " + remote)
                + ", since " + since.truncatedTo(ChronoUnit.MILLIS);
    }
}
