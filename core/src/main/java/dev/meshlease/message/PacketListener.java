package dev.meshlease.message;

/**
 * Told of packets as they come.
 *
 * <p><b>Threading:</b> one call at a time per lease, in the order of the wire, on the lease's callback executor. It may block: that
 * delays its own lease only. What it throws is logged, and it stays registered.
 */
@FunctionalInterface
public interface PacketListener {
    /** A packet that the filter let through. */
    void onPacket(InboundPacket packet);

    /** Packets are missing here. They are counted in any case; a listener that cares overrides this. */
    default void onGap(Gap gap) {}
}
