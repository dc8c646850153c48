package dev.meshlease.internal.registry;

import dev.meshlease.ReconnectPolicy;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.Setbacks;
import dev.meshlease.spi.LinkKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What links that are closed by now have learnt of their nodes, for those that come after them: a program whose leases come and go must not
 * connect more often than one that keeps its lease. Loop only.
 */
final class Troubles {
    private final Map<LinkKey, Setbacks> byKey = new HashMap<>();

    void keep(Set<LinkKey> keys, Setbacks setbacks, Moment now) {
        forgetOld(now);
        if (setbacks.areOfUse(now)) {
            keys.forEach(key -> byKey.put(key, setbacks));
        }
    }

    /** For a new link, which goes on where the last to one of these keys has left off. */
    Setbacks take(Set<LinkKey> keys, ReconnectPolicy policy, RandomGenerator random, Moment now) {
        forgetOld(now);
        for (LinkKey key : new TreeSet<>(keys)) {
            Setbacks former = byKey.get(key);
            if (former != null) {
                byKey.values().removeIf(former::equals);
                return former.heir(policy);
            }
        }
        return new Setbacks(policy, random);
    }

    private void forgetOld(Moment now) {
        byKey.values().removeIf(setbacks -> !setbacks.areOfUse(now));
    }
}
