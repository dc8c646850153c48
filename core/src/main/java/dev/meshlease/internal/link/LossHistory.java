package dev.meshlease.internal.link;

import dev.meshlease.LinkLoss;
import java.util.ArrayDeque;
import java.util.List;

/** The last losses of a link, oldest first. */
final class LossHistory {
    private static final int MOST = 16;

    private final ArrayDeque<LinkLoss> losses = new ArrayDeque<>();

    void add(LinkLoss loss) {
        if (losses.size() == MOST) {
            losses.remove();
        }
        losses.add(loss);
    }

    List<LinkLoss> list() {
        return List.copyOf(losses);
    }
}
