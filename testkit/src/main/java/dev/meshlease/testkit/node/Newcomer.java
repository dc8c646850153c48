package dev.meshlease.testkit.node;

/** What becomes of a connection while a client is being served. */
public enum Newcomer {
    /** It is served, and the incumbent's connection ended: ESP32, RP2040 and native builds. */
    TAKES_OVER,
    /** It takes over 600 ms later, so that the incumbent's last words are read: RAK4631 Ethernet to 2.7.20. */
    TAKES_OVER_LATE,
    /** It stays open and is never looked at again, until the incumbent has gone: RAK4631 Ethernet since 2.7.21. */
    STARVES
}
