package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The settings of a node that nobody has configured yet but for its region (US), as recorded; those of firmware 2.6 follow from its fields. */
final class FactorySettings {
    static final DumpFrame DEVICE_UI = frame("8a0105109901181e");
    static final DumpFrame REGION_PRESETS =
            frame("9a01ef010a0c0a0a000103040506070809100a0d0a0b000103040506070a0b0c0d0a0f0a0b00"
                    + "0103040506070a0b0c0d100a0a0f0a0b000103040506070a0b0c0d100d0a080a020e0f100e18010a080a020c0d100d1801120208011202"
                    + "08021204080310011204081d1002120408201003120208041202080512020806120208161202080912020807120208081202080a120208"
                    + "0b1202080c1202080e1202081012020811120208121202081312020814120208151202081712020818120208191202081a1204081b1004"
                    + "1204081c10041204082110041204082510051204082210051204082310051204082410051202080d");

    private static final int CHANNELS = 8;
    private static final String PRIMARY = "520b12071201013a02080d1801";
    private static final String PRIMARY_2_8 = "520912051201013a001801";
    /** Device, position, power, network, display. */
    private static final List<String> CONFIGS = List.of(
            "2a050a0338b054",
            "2a13121108901c1001287838ab06506458ac026802",
            "2a0f1a0d203c30ffffffff0f38ac02400a",
            "2a1b22192a176d6573687461737469632e706f6f6c2e6e74702e6f7267",
            "2a052a0308d804");

    private static final String LORA_2_6 = "2a153213080118fa01200b2805380140034801501e6801";
    private static final String LORA_2_7 = "2a183216080118fa01200b2805380140034801501e6801d00602";
    private static final String LORA_2_8 = "2a1532130801200b2805380140034801501e6801d00602";
    private static final String BLUETOOTH = "2a0a3a080801100118c0c407";
    /** Session key and device UI: sections that are listed, not filled. */
    private static final List<String> EMPTY_CONFIGS = List.of("2a024a00", "2a025200");

    private static final List<String> MODULES = List.of(
            "4a360a3412136d7174742e6d6573687461737469632e6f72671a076d657368646576220a6c617267653463617473280142066d73682f5553",
            "4a021200",
            "4a021a00",
            "4a022200",
            "4a022a00",
            "4a08320608ffffffff07",
            "4a023a00",
            "4a024200",
            "4a024a00",
            "4a025200",
            "4a0a5a08100a183420562878",
            "4a066204102d3801",
            "4a026a00");
    private static final List<String> MODULES_2_8 =
            List.of("4a027200", "4a067a0420b0b502", "4a03820100", "4a058a01020805");
    /** What firmware sends for a module that it counts but does not know. */
    private static final String UNKNOWN_MODULE = "4a00";

    private static final List<String> FILES = List.of(
            "7a170a132f70726566732f6465766963652e70726f746f103e",
            "7a170a122f70726566732f6e6f6465732e70726f746f10bd03",
            "7a190a152f70726566732f6368616e6e656c732e70726f746f1039",
            "7a180a132f70726566732f636f6e6669672e70726f746f10b301",
            "7a170a132f70726566732f6d6f64756c652e70726f746f1062");
    private static final List<String> FILES_2_8 = List.of(
            "7a170a132f70726566732f6465766963652e70726f746f1071",
            "7a170a122f70726566732f6e6f6465732e70726f746f10d703",
            "7a190a152f70726566732f6368616e6e656c732e70726f746f1037",
            "7a180a132f70726566732f636f6e6669672e70726f746f10b001",
            "7a170a132f70726566732f6d6f64756c652e70726f746f106e");

    private FactorySettings() {}

    static List<DumpFrame> channels(FirmwareProfile firmware) {
        Stream<String> unused = IntStream.range(1, CHANNELS).mapToObj(index -> String.format("5204080%d1200", index));
        return frames(Stream.concat(Stream.of(firmware == FirmwareProfile.V2_8 ? PRIMARY_2_8 : PRIMARY), unused));
    }

    /** All sections in order. */
    static List<DumpFrame> configs(FirmwareProfile firmware, DumpFrame security) {
        List<DumpFrame> all = new ArrayList<>(frames(CONFIGS.stream()));
        all.add(frame(
                switch (firmware) {
                    case V2_6 -> LORA_2_6;
                    case V2_7 -> LORA_2_7;
                    case V2_8 -> LORA_2_8;
                }));
        all.add(frame(BLUETOOTH));
        all.add(security);
        all.addAll(frames(EMPTY_CONFIGS.stream()));
        return all;
    }

    /** As many sections as the node sends: 13 known ones, then empty ones unless it knows the ones of firmware 2.8. */
    static List<DumpFrame> modules(Behaviour behaviour) {
        int count = behaviour.get(Switch.MODULE_CONFIGS);
        boolean knowsAll = count >= MODULES.size() + MODULES_2_8.size();
        List<String> known = new ArrayList<>(MODULES);
        if (knowsAll) {
            known.addAll(MODULES_2_8);
        }
        int empty = Math.max(0, count - known.size());
        return frames(Stream.concat(known.stream().limit(count), Collections.nCopies(empty, UNKNOWN_MODULE).stream()));
    }

    static List<DumpFrame> files(FirmwareProfile firmware) {
        return frames((firmware == FirmwareProfile.V2_8 ? FILES_2_8 : FILES).stream());
    }

    private static List<DumpFrame> frames(Stream<String> hex) {
        return hex.map(FactorySettings::frame).toList();
    }

    private static DumpFrame frame(String hex) {
        try {
            return DumpFrame.parse(ByteString.copyFrom(HexFormat.of().parseHex(hex)));
        } catch (InvalidProtocolBufferException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
