package dev.meshlease.spi;

/**
 * Looks for other connections from this machine to where a {@link Target} leads: those of other programs, and those of this one that its
 * transport has not made; or, where it leads to a device, for whoever has that open. It looks at what the platform shows of its own accord, and never connects to anything, since that would take the
 * node's one connection.
 *
 * <p><b>Threading:</b> safe from any thread; never called on the loop.
 */
@FunctionalInterface
public interface Lookout {
    /**
     * Looks once.
     *
     * <p>May block, for a few seconds at most: it has a helper thread to itself. It asks for nobody's patience beyond that, and does not grow
     * with what other programs do.
     *
     * @return what there is at this moment, or why that cannot be told
     */
    Sighting look();
}
