package dev.meshlease.serial;

import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Who else on this machine has a port open, as Linux shows it. A lock keeps off those who ask for one; whoever does not, such as {@code cat},
 * reads some of the node's bytes, which are then missing here.
 *
 * <p>This process counts if it has the port open more often than this transport has. While the driver is at work, which may open a port for
 * a moment, it is not judged.
 *
 * <p><b>Threading:</b> immutable; blocks.
 */
final class PortLookout implements Lookout {
    private static final int MOST_STRANGERS = 16;

    private final String path;
    private final PortUsers users;
    private final OwnPorts own;
    private final BooleanSupplier isSame;

    /**
     * @param path of the device itself
     * @param isSame whether that is still the device at this path; whoever has another one open that is called so now takes nothing away
     */
    PortLookout(String path, PortUsers users, OwnPorts own, BooleanSupplier isSame) {
        this.path = path;
        this.users = users;
        this.own = own;
        this.isSame = isSame;
    }

    @Override
    public Sighting look() {
        long callsBefore = own.calls();
        PortProcesses.Found all;
        try {
            all = users.all(path);
        } catch (IOException | SecurityException notShown) {
            return new Sighting.Unknown("this system does not show who has a device open");
        }
        if (!all.users().isEmpty() && !isSame.getAsBoolean()) {
            return new Sighting.Seen(List.of());
        }
        int ours = own.has(path) ? 1 : 0;
        boolean isQuiet = callsBefore != OwnPorts.AT_WORK && own.calls() == callsBefore;
        List<Stranger> strangers = new ArrayList<>();
        for (PortProcesses.User user : all.users()) {
            boolean isStranger = !user.isOwn() || (isQuiet && user.count() > ours);
            if (isStranger && strangers.size() < MOST_STRANGERS) {
                long pid = user.isOwn() ? ProcessHandle.current().pid() : user.pid();
                strangers.add(new Stranger(OptionalLong.of(pid), user.user(), users.program(user.pid()), "", path));
            }
        }
        return strangers.isEmpty() && !all.isWhole()
                ? new Sighting.Unknown("there are too many processes to look at all of them")
                : new Sighting.Seen(strangers);
    }
}
