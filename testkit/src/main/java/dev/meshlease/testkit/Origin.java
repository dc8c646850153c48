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
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
    private final List<Preset> presets = new ArrayList<>();

    @Nullable
    Recording recording;

    @Nullable
    Path directory;

    boolean erasing;
    Runnable onExit = () -> {};
    private @Nullable String given;

    private record Preset(String what, Predicate<Settings> change) {}

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

    /** Notes a change of the settings it starts with, which says whether there is such a setting. */
    void preset(String what, Predicate<Settings> change) {
        presets.add(new Preset(what, change));
        given(what);
    }

    NodeProfile profile(Variant variant, FirmwareProfile firmware, Behaviour behaviour, int epochSeconds) {
        return recording == null
                ? own(variant, firmware, behaviour, epochSeconds)
                : recorded(recording, variant, firmware, behaviour);
    }

    private NodeProfile recorded(Recording of, Variant variant, FirmwareProfile firmware, Behaviour behaviour) {
        if (given != null || directory != null) {
            throw new IllegalStateException("A recorded node is who it was: leave out "
                    + (given == null ? "directory" : given) + "(...), or the recording");
        }
        DefaultDump defaults = new DefaultDump(of.node(), variant, firmware, behaviour);
        return new NodeProfile(
                behaviour,
                defaults.volts(),
                of.dump(),
                defaults.factory(ByteString.EMPTY, firmware.version()),
                List.of(),
                of.traffic(),
                true,
                null,
                onExit);
    }

    private NodeProfile own(Variant variant, FirmwareProfile firmware, Behaviour behaviour, int epochSeconds) {
        StateFile file = directory == null ? null : new StateFile(directory);
        List<DumpFrame> stored = file == null ? List.of() : stored(file);
        if (!stored.isEmpty()) {
            recognize(stored, String.valueOf(file));
        }
        DefaultDump defaults = new DefaultDump(id, variant, firmware, behaviour);
        ByteString device = deviceId == null ? defaults.deviceId() : deviceId;
        String reported = version == null ? firmware.version() : version;
        Settings settings = new Settings(defaults.configured(longName, device, reported));
        List<NodeId> others = others();
        List<DumpFrame> dump = stored.isEmpty() ? first(settings, others, epochSeconds) : again(settings, stored);
        if (file != null && stored.isEmpty()) {
            file.write(dump);
        }
        return new NodeProfile(
                behaviour,
                defaults.volts(),
                dump,
                defaults.factory(device, reported),
                others,
                List.of(),
                false,
                file,
                onExit);
    }

    private List<NodeId> others() {
        return IntStream.range(0, nodes)
                .mapToObj(i -> new NodeId(FIRST_OTHER + i))
                .filter(other -> !other.equals(id))
                .toList();
    }

    private List<DumpFrame> first(Settings settings, List<NodeId> others, int epochSeconds) {
        for (Preset preset : presets) {
            if (!preset.change().test(settings)) {
                throw new IllegalStateException(
                        "This firmware has no such setting: leave out " + preset.what() + "(...)");
            }
        }
        List<DumpFrame> dump = new ArrayList<>(settings.frames());
        others.forEach(other -> dump.add(DefaultDump.entry(DefaultDump.node(other, epochSeconds))));
        return dump;
    }

    private List<DumpFrame> again(Settings settings, List<DumpFrame> stored) {
        stored.stream().filter(frame -> !isOfOther(frame)).forEach(settings::adopt);
        settings.start();
        List<DumpFrame> dump = new ArrayList<>(settings.frames());
        stored.stream().filter(this::isOfOther).filter(this::isOfNode).forEach(dump::add);
        return dump;
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

    /** A state may hold anything: what the node itself or nobody is said to have sent is of no use. */
    private boolean isOfNode(DumpFrame frame) {
        NodeId sender = new NodeId(
                frame.message().hasPacket()
                        ? frame.message().getPacket().getFrom()
                        : frame.message().getNodeInfo().getNum());
        return sender.number() != 0 && !sender.isBroadcast() && !sender.equals(id);
    }

    private boolean isOfOther(DumpFrame frame) {
        return frame.message().hasPacket()
                || (frame.message().hasNodeInfo()
                        && frame.message().getNodeInfo().getNum() != id.number());
    }
}
