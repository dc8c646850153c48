package dev.meshlease.serial;

import java.util.Set;

/** By which USB ids the boards show up that the firmware runs on. Adapters of the same make have the same ids, so that it is a guess. */
final class KnownBoards {
    /** Makers of boards: Adafruit's boot loader (RAK4631, T-Echo and other nRF52), Espressif (ESP32-S3, C3, C6), Seeed, Raspberry Pi. */
    private static final Set<Integer> MAKERS = Set.of(0x239a, 0x303a, 0x2886, 0x2e8a);

    /** Bridges on boards: CP210x, CH9102, CH340, CH343. */
    private static final Set<Integer> BRIDGES = Set.of(0x10c4_ea60, 0x1a86_55d4, 0x1a86_7523, 0x1a86_55d3);

    private KnownBoards() {}

    static boolean includes(int vendor, int product) {
        return MAKERS.contains(vendor) || BRIDGES.contains(vendor << 16 | product);
    }
}
