package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's reading of the node's state: frame by frame up to {@code config_complete_id}, and behind it what firmware 2.8 repeats of
 * the other nodes' words. It shows the state as it was when the client asked.
 */
final class StateDump {
    private final List<Step> steps;
    private final Iterator<ByteString> repeats;
    private int position;

    /**
     * One frame.
     *
     * @param indexAfter where the firmware's count of channels, settings or module settings stands once it is written
     */
    record Step(ByteString frame, int indexAfter) {}

    StateDump(List<Step> steps, List<ByteString> repeats) {
        this.steps = steps;
        this.repeats = repeats.iterator();
    }

    /** The next frame of the state, or null once {@code config_complete_id} has been taken. */
    @Nullable
    ByteString next() {
        return isComplete() ? null : steps.get(position++).frame();
    }

    /** Whether {@code config_complete_id} has been taken. */
    boolean isComplete() {
        return position == steps.size();
    }

    /** The next packet that is repeated behind the state, for when nothing else waits for the client; null if there is none left. */
    @Nullable
    ByteString nextRepeat() {
        return repeats.hasNext() ? repeats.next() : null;
    }

    /** How far the firmware's count of channels or settings has come: where some firmware goes on if the client asks again now. */
    int configIndex() {
        return position == 0 || isComplete() ? 0 : steps.get(position - 1).indexAfter();
    }
}
