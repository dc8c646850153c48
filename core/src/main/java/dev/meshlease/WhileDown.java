package dev.meshlease;

/** What happens to a message that is sent while the link is not READY. */
public enum WhileDown {
    /** It waits in the outbox, up to its own deadline. */
    QUEUE,
    /** It fails at once with {@link DeliveryFailure#LINK_DOWN}. */
    REFUSE
}
