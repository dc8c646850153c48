package dev.meshlease.testkit;

import java.time.Duration;

/**
 * How a firmware build behaves, as far as clients can tell.
 *
 * @param phoneQueue how many packets wait for a client: 100 natively, 32 on most boards, 8 on a classic ESP32
 * @param acceptPoll between two looks at the listening socket; one client is accepted at each
 * @param activePoll between two looks at a session that has sent something within the last 2 s
 * @param idlePoll the same for a quiet session: 250 ms on a real node
 * @param idleTimeout silence of a client after which it is dropped
 * @param airtime how long one transmission takes
 * @param meshDelay from the end of a transmission to the answer of whoever heard it
 * @param retransmitAfter between the attempts for a packet that wants an ack, and from the last one to giving up
 * @param ownTelemetry whether the node reports its own metrics to the client every 60 s
 * @param simulatedRadio like {@code meshtasticd -s}: transmissions are echoed as SIMULATOR_APP packets, such packets from a client are
 *     receptions, and repeated packet ids are not filtered
 */
record FirmwareTraits(
        int phoneQueue,
        Duration acceptPoll,
        Duration activePoll,
        Duration idlePoll,
        Duration idleTimeout,
        Duration airtime,
        Duration meshDelay,
        Duration retransmitAfter,
        boolean ownTelemetry,
        boolean simulatedRadio) {
    /** An ordinary board with 2.7.26, but without the slow poll of a quiet session and on a fast radio. */
    static final FirmwareTraits DEFAULT = new FirmwareTraits(
            32,
            Duration.ofMillis(100),
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Duration.ofMinutes(15),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(7),
            false,
            false);
}
