package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CLOSED;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.IDLE;
import static dev.meshlease.LinkState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkState;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The picture in the javadoc of {@link LinkState}, as a table. */
final class LinkPicture {
    /** The arrows that were taken, as {@code IDLE → CONNECTING}, since this was last cleared. */
    static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private LinkPicture() {}

    static void takes(LinkState from, LinkState to) {
        assertThat(arrowsFrom(from)).contains(to);
        TAKEN.add(from + " → " + to);
    }

    private static Set<LinkState> arrowsFrom(LinkState state) {
        return switch (state) {
            case IDLE -> EnumSet.of(CONNECTING, BACKING_OFF, CLOSED);
            case CONNECTING -> EnumSet.of(HANDSHAKING, BACKING_OFF, IDLE, CLOSED);
            case HANDSHAKING -> EnumSet.of(READY, BACKING_OFF, IDLE, CLOSED);
            // READY again, uncontested; HANDSHAKING again, on a serial console.
            case READY -> EnumSet.of(READY, HANDSHAKING, BACKING_OFF, IDLE, CLOSED);
            case BACKING_OFF -> EnumSet.of(CONNECTING, IDLE, CLOSED);
            case CLOSED -> EnumSet.noneOf(LinkState.class);
        };
    }
}
