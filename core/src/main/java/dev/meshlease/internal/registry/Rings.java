package dev.meshlease.internal.registry;

import dev.meshlease.internal.machine.MachineClaims;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.Loop;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rings of the guard around the JVM's own table: the machine's claims, and a store of the user's. Either may be missing. */
final class Rings {
    private final @Nullable MachineClaims machine;
    private final @Nullable LinkClaims store;
    private final String words;

    private Rings(@Nullable MachineClaims machine, @Nullable LinkClaims store, String words) {
        this.machine = machine;
        this.store = store;
        this.words = words;
    }

    static Rings of(MachineGuard guard, Optional<LinkClaims> store, Environment environment, Loop loop) {
        MachineClaims machine = null;
        String words = "";
        if (guard.isOff()) {
            words = "switched off; other programs are not excluded";
        } else if (!environment.isVirtual()) {
            Optional<Path> folder = guard.folder();
            machine = folder.isPresent()
                    ? MachineClaims.in(folder.get(), environment.helpers(), loop)
                    : MachineClaims.usual(environment.helpers(), loop);
        }
        return new Rings(machine, store.orElse(null), words);
    }

    /** A link's right among this machine's programs. */
    Title machine(Loop loop, Supplier<ClaimHolder> self, Title.Wire wire) {
        MachineClaims claims = machine;
        return new Title(claims, () -> claims == null ? "" : claims.name(), loop, self, wire);
    }

    /** A link's right in the user's store. */
    Title store(Loop loop, Supplier<ClaimHolder> self, Title.Wire wire) {
        LinkClaims claims = store;
        return new Title(claims, () -> claims == null ? "" : "the store '" + claims.name() + "'", loop, self, wire);
    }

    /** Whether there is anybody to be told who holds a link. */
    boolean areToldHolders() {
        return machine != null || store != null;
    }

    /** What of this machine is kept off, for people; nothing where there is nobody to be kept off. */
    Optional<String> describe() {
        return machine != null
                ? Optional.of(machine.describe())
                : Optional.of(words).filter(each -> !each.isEmpty());
    }
}
