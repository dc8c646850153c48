package dev.meshlease.spi;

import java.util.List;
import java.util.Objects;

/** What a {@link Lookout} has seen. */
public sealed interface Sighting {
    /**
     * What there is.
     *
     * @param strangers the connections that are not the transport's own; empty if there are none to be seen, which says nothing of other
     *     machines
     */
    record Seen(List<Stranger> strangers) implements Sighting {
        public Seen {
            strangers = List.copyOf(strangers);
        }
    }

    /**
     * Nobody can say.
     *
     * @param why for people, to follow "unknown: "
     */
    record Unknown(String why) implements Sighting {
        public Unknown {
            Objects.requireNonNull(why, "why");
        }
    }
}
