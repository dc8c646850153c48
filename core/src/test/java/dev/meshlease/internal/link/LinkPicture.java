package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CLOSED;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.IDLE;
import static dev.meshlease.LinkState.READY;

import dev.meshlease.LinkState;
import java.util.EnumSet;
import java.util.Set;

/** The picture in the javadoc of {@link LinkState}, as a table. */
final class LinkPicture {
    private LinkPicture() {}

    static Set<LinkState> arrowsFrom(LinkState state) {
        return switch (state) {
            case IDLE -> EnumSet.of(CONNECTING, CLOSED);
            case CONNECTING -> EnumSet.of(HANDSHAKING, BACKING_OFF, IDLE, CLOSED);
            case HANDSHAKING -> EnumSet.of(READY, BACKING_OFF, IDLE, CLOSED);
            // READY again, uncontested; HANDSHAKING again, on a serial console.
            case READY -> EnumSet.of(READY, HANDSHAKING, BACKING_OFF, IDLE, CLOSED);
            case BACKING_OFF -> EnumSet.of(CONNECTING, IDLE, CLOSED);
            case CLOSED -> EnumSet.noneOf(LinkState.class);
        };
    }
}
