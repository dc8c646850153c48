package dev.meshlease.testkit;

import dev.meshlease.Inbox;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import java.util.ArrayList;
import java.util.List;

/** A listener that notes what it is told, in a test's words: texts, and gaps with their numbers. */
class Heard implements PacketListener {
    final List<String> words = new ArrayList<>();

    static String words(Arrival arrival) {
        if (arrival instanceof Gap gap) {
            return gap.reason() + (gap.missed().isPresent() ? " " + gap.missed().getAsLong() : "");
        }
        return ((InboundPacket) arrival).text();
    }

    /** What an inbox has. */
    static List<String> rest(Inbox inbox) {
        List<String> words = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            words.add(words(next));
        }
        return words;
    }

    @Override
    public void onPacket(InboundPacket packet) {
        words.add(words(packet));
    }

    @Override
    public void onGap(Gap gap) {
        words.add(words(gap));
    }
}
