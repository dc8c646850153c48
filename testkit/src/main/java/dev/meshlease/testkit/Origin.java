package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.testkit.internal.firmware.DefaultDump;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import dev.meshlease.testkit.internal.firmware.NodeProfile;
import dev.meshlease.testkit.internal.firmware.Settings;
import dev.meshlease.testkit.internal.firmware.StateFile;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who a simulated node is, as its builder was told, and what it knows when it starts: of a recording, a directory, or by default. */
final class Origin {
    private static final int FIRST_OTHER = 0xb1000001;

    private NodeId id;
    private boolean idGiven;

    @Nullable
    ByteString deviceId;

    String longName;

    @Nullable
    String version;

    int nodes;
    private final Map<String, Predicate<Settings>> presets = new LinkedHashMap<>();

    @Nullable
    Recording recording;

    @Nullable
    Path directory;

    boolean erasing;
    Runnable onExit = () -> {};
    private @Nullable String given;

    Origin(NodeId id, String longName) {
        this.id = id;
        this.longName = longName;
    }

    void id(NodeId id) {
        this.id = id;
        idGiven = true;
        given("number");
    }

    /** Notes that somebody said who the node is, which a recording does too. */
    void given(String what) {
        given = what;
    }

    void preset(String what, Predicate<Settings> preset) {
        presets.put(what, preset);
        given(what);
    }

    NodeProfile profile(Variant variant, FirmwareProfile firmware, Behaviour behaviour, int epochSeconds) {
        float volts = DefaultDump.volts(variant);
        if (recording != null) {
            if (given != null || directory != null) {
                throw new IllegalStateException("A recorded node is who it was: leave out "
                        + (given == null ? "directory" : given) + "(...), or the recording");
            }
            DefaultDump factory = new DefaultDump(recording.node(), variant, firmware, behaviour);
            return new NodeProfile(
                    behaviour,
                    volts,
                    recording.dump(),
                    factory.factory(ByteString.EMPTY, firmware.version()),
                    List.of(),
                    recording.traffic(),
                    true,
                    null,
                    onExit);
        }
        StateFile file = directory == null ? null : new StateFile(directory);
        List<DumpFrame> stored = file == null ? List.of() : stored(file);
        if (!stored.isEmpty()) {
            recognize(stored, String.valueOf(file));
        }
        DefaultDump defaults = new DefaultDump(id, variant, firmware, behaviour);
        ByteString device = deviceId == null ? defaults.deviceId() : deviceId;
        String reported = version == null ? firmware.version() : version;
        Settings settings = new Settings(defaults.configured(longName, device, reported));
        List<NodeId> others = IntStream.range(0, nodes)
                .mapToObj(i -> new NodeId(FIRST_OTHER + i))
                .filter(other -> !other.equals(id))
                .toList();
        List<DumpFrame> known = new ArrayList<>();
        if (stored.isEmpty()) {
            preset(settings);
            others.forEach(other -> known.add(DefaultDump.entry(DefaultDump.node(other, epochSeconds))));
        } else {
            stored.stream().filter(frame -> !isOfOther(frame)).forEach(settings::adopt);
            stored.stream().filter(this::isOfOther).forEach(known::add);
        }
        List<DumpFrame> dump =
                Stream.concat(settings.frames().stream(), known.stream()).toList();
        if (file != null && stored.isEmpty()) {
            file.write(dump);
        }
        return new NodeProfile(
                behaviour, volts, dump, defaults.factory(device, reported), others, List.of(), false, file, onExit);
    }

    private List<DumpFrame> stored(StateFile file) {
        if (erasing) {
            file.erase();
        }
        return file.read();
    }

    /** The state says who the node is, unless the builder was told otherwise. */
    private void recognize(List<DumpFrame> stored, String file) {
        MyNodeInfo mine = new Settings(stored).myInfo();
        NodeId before = new NodeId(mine.getMyNodeNum());
        if (idGiven && !id.equals(before)) {
            throw new IllegalStateException("The state in " + file + " is that of node " + before + ", not of " + id
                    + ". Leave out the number, erase the state first, or use another directory.");
        }
        id = before;
    }

    private boolean isOfOther(DumpFrame frame) {
        return frame.message().hasPacket()
                || (frame.message().hasNodeInfo()
                        && frame.message().getNodeInfo().getNum() != id.number());
    }

    private void preset(Settings settings) {
        presets.forEach((what, preset) -> {
            if (!preset.test(settings)) {
                throw new IllegalStateException("This firmware has no such setting: leave out " + what + "(...)");
            }
        });
    }
}
