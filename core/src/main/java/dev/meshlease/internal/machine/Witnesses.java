package dev.meshlease.internal.machine;

import dev.meshlease.spi.ClaimHolder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which of the notes beside a lock to believe: a program that was killed leaves one behind, and anybody may write one. */
final class Witnesses {
    private Witnesses() {}

    /**
     * @param holder the process that has the lock, where the kernel tells
     * @param host this machine's name; processes of other names, such as of a container, cannot be looked for
     * @param self this process, which does not have the lock
     */
    static Optional<ClaimHolder> believe(List<ClaimHolder> notes, OptionalLong holder, String host, long self) {
        return notes.stream()
                .filter(note -> !note.host().equals(host) || note.pid() != self)
                .filter(note -> holder.isPresent()
                        ? note.pid() == holder.getAsLong()
                        : !note.host().equals(host)
                                || ProcessHandle.of(note.pid()).isPresent())
                .max(Comparator.comparing(ClaimHolder::since));
    }
}
