package dev.meshlease.serial;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The port that an address stood for when it was last looked up.
 *
 * @param path of the device, which may be another one's by the time it is opened; the opener looks
 * @param watcher looks who else has it open
 * @param helpers where it is opened and closed
 */
record SerialTarget(
        Set<LinkKey> keys, String path, PortOpener opener, Lookout watcher, Executor helpers, LinkTiming timing)
        implements Target {
    SerialTarget {
        keys = Set.copyOf(keys);
    }

    @Override
    public boolean isConsole() {
        return true;
    }

    @Override
    public Optional<Lookout> lookout() {
        return Optional.of(watcher);
    }

    @Override
    public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
        Permit.require(permit).redeem(keys);
        var link = new SerialLink(path, loop, events, opener, helpers, timing);
        link.start();
        return link;
    }

    @Override
    public String toString() {
        return path + " " + keys;
    }
}
