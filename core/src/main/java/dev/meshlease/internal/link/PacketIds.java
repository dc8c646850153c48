package dev.meshlease.internal.link;

/**
 * The packet ids of one link.
 *
 * <p><b>Threading:</b> safe from any thread, but for {@link #written}, which is the loop's.
 */
public interface PacketIds {
    /** An id that is in use from now on; never 0. */
    int reserve();

    /** Whether the wanted id is in use from now on; not if somebody else has it, or nodes may remember it. */
    boolean reserve(int wanted);

    void release(int id);

    /** A node has been given it. */
    void written(int id);
}
