package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import java.util.ArrayList;
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
    private record Step(ByteString frame, int indexAfter) {}

    private StateDump(List<Step> steps, Iterator<ByteString> repeats) {
        this.steps = steps;
        this.repeats = repeats;
    }

    /**
     * @param frames all of the state that the client is to have
     * @param firstChannel the channel to begin with; above 7 there is none
     * @param nonce what ends the state
     * @param repeats the packets behind it
     */
    static StateDump of(List<DumpFrame> frames, int firstChannel, int nonce, List<MeshPacket> repeats) {
        List<Step> steps = new ArrayList<>();
        int index = 0;
        for (int i = 0; i < frames.size(); i++) {
            FromRadio message = frames.get(i).message();
            boolean goesOn = i + 1 < frames.size()
                    && isCounted(message)
                    && frames.get(i + 1).message().getPayloadVariantCase() == message.getPayloadVariantCase();
            index = goesOn ? index + 1 : 0;
            if (!message.hasChannel() || message.getChannel().getIndex() >= firstChannel) {
                steps.add(new Step(frames.get(i).bytes(), index));
            }
        }
        FromRadio complete = FromRadio.newBuilder().setConfigCompleteId(nonce).build();
        steps.add(new Step(complete.toByteString(), 0));
        return new StateDump(
                steps,
                repeats.stream()
                        .map(packet ->
                                FromRadio.newBuilder().setPacket(packet).build().toByteString())
                        .iterator());
    }

    private static boolean isCounted(FromRadio message) {
        return message.hasChannel() || message.hasConfig() || message.hasModuleConfig();
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
