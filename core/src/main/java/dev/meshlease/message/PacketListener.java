package dev.meshlease.message;

/**
 * Told of packets as they come.
 *
 * <p><b>Threading:</b> one call at a time, in the order of the wire, on the lease's callback executor or the feed's own ({@link Feed#on}). It
 * may block: that delays its own lease only. If the feed is {@linkplain Feed#inline inline}, it runs on the loop, and must not. What it throws is logged, and it stays registered.
 */
@FunctionalInterface
public interface PacketListener {
    /** A packet that the filter let through. */
    void onPacket(InboundPacket packet);

    /** Packets are missing here. They are counted in any case; a listener that cares overrides this. */
    default void onGap(Gap gap) {}
}
