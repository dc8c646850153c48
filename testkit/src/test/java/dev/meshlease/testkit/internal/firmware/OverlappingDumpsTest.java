package dev.meshlease.testkit.internal.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that asks for the state while it is being told. */
class OverlappingDumpsTest {
    private static NodeState node(FirmwareProfile firmware) {
        DefaultDump dump = new DefaultDump(new NodeId(1), Variant.standard(), firmware, firmware.behaviour());
        return node(firmware.behaviour(), dump);
    }

    private static NodeState node(Behaviour behaviour, DefaultDump dump) {
        return new NodeState(behaviour, dump.configured("Ada", dump.deviceId(), "1"), () -> {});
    }

    private static List<FromRadio> rest(StateDump dump) {
        List<FromRadio> frames = new ArrayList<>();
        for (ByteString next = dump.next(); next != null; next = dump.next()) {
            try {
                frames.add(FromRadio.parseFrom(next));
            } catch (InvalidProtocolBufferException malformed) {
                throw new AssertionError(malformed);
            }
        }
        return frames;
    }

    /** Reads up to and including the first frame of the kind, and so many more. */
    private static StateDump interrupted(NodeState node, int frames) {
        StateDump dump = node.dump(1, null);
        IntStream.range(0, frames).forEach(i -> assertThat(dump.next()).isNotNull());
        return dump;
    }

    private static List<Integer> channels(List<FromRadio> frames) {
        return frames.stream()
                .filter(FromRadio::hasChannel)
                .map(frame -> frame.getChannel().getIndex())
                .toList();
    }

    /** Before the channels come 4 frames, 8 channels, 10 configs and 16 module configs. */
    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "4, 0", "5, 1", "8, 4", "12, 0", "16, 4", "22, 0", "25, 3", "38, 0", "40, 0"})
    void firmware_2_7_goes_on_with_the_channels_at_the_old_index(int interruptedAfter, int firstChannel) {
        NodeState node = node(FirmwareProfile.V2_7);

        List<FromRadio> second = rest(node.dump(2, interrupted(node, interruptedAfter)));

        assertThat(channels(second))
                .isEqualTo(IntStream.range(firstChannel, 8).boxed().toList());
        assertThat(second).filteredOn(FromRadio::hasConfig).hasSize(10);
        assertThat(second.get(0).hasMyInfo()).isTrue();
    }

    @Test
    void an_index_beyond_the_channels_skips_all_of_them() {
        NodeState node = node(FirmwareProfile.V2_7);

        List<FromRadio> second = rest(node.dump(2, interrupted(node, 4 + 8 + 10 + 12)));

        assertThat(channels(second)).isEmpty();
        assertThat(second).filteredOn(FromRadio::hasModuleConfig).hasSize(16);
    }

    @Test
    void firmware_2_8_begins_anew() {
        NodeState node = node(FirmwareProfile.V2_8);

        assertThat(channels(rest(node.dump(2, interrupted(node, 16))))).hasSize(8);
    }

    @Test
    void a_dump_that_was_read_to_its_end_leaves_nothing_behind() {
        NodeState node = node(FirmwareProfile.V2_7);
        StateDump first = node.dump(1, null);
        assertThat(rest(first)).last().matches(FromRadio::hasConfigCompleteId);
        assertThat(first.isComplete()).isTrue();

        assertThat(channels(rest(node.dump(2, first)))).hasSize(8);
    }
}
