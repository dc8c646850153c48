package dev.meshlease.proto;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the wire types against the field tables they were written from, in both directions. */
class WireTablesTest {
    private static final List<String[]> ROWS = read();

    /** The tables name these types without listing what is in them. */
    private static final Set<String> UNDESCRIBED = Set.of(
            "BluetoothConnectionStatus",
            "BoundingBox",
            "Config.DisplayConfig",
            "Config.SessionkeyConfig", // described, as empty
            "DeviceUIConfig",
            "DuplicatedPublicKey",
            "EthernetConnectionStatus",
            "InputEvent",
            "KeyVerificationAdmin",
            "KeyVerificationFinal",
            "KeyVerificationNumberInform",
            "KeyVerificationNumberRequest",
            "LockdownAuth",
            "LowEntropyKey",
            "ModuleConfig.MapReportSettings",
            "ModuleConfig.RemoteHardwarePin",
            "NodeRemoteHardwarePinsResponse",
            "OTAEvent",
            "SensorConfig",
            "SerialConnectionStatus",
            "WifiConnectionStatus");

    /** An enum whose values are not in the tables is a plain number here. */
    private static final Map<String, String> REPLACED_TYPES = Map.of("Delayed", "uint32");

    @Test
    void fields_are_as_the_tables_say() {
        assertThat(rows("field").map(row -> {
                    String oneof = row.length > 5 ? " in " + row[5] : "";
                    return row[1] + "." + row[3] + " = " + row[2] + " : " + inFull(row[1], row[4]) + oneof;
                }))
                .hasSizeGreaterThan(400)
                .containsExactlyInAnyOrderElementsOf(WireTypes.MESSAGES.values().stream()
                        .filter(type -> !isModuleConfig(type))
                        .flatMap(type -> type.getFields().stream())
                        .map(WireTablesTest::describe)
                        .toList());
    }

    @Test
    void enum_values_are_as_the_tables_say() {
        assertThat(rows("value").map(row -> row[1] + "." + row[3] + " = " + row[2]))
                .hasSizeGreaterThan(400)
                .containsExactlyInAnyOrderElementsOf(WireTypes.ENUMS.values().stream()
                        .flatMap(type -> type.getValues().stream())
                        .map(WireTablesTest::describe)
                        .toList());
    }

    @Test
    void module_sections_have_the_numbers_and_names_of_the_tables() {
        Set<String> expected =
                rows("section").map(row -> row[1] + " = " + row[2]).collect(toSet());
        rows("name").map(row -> row[1] + "." + row[3] + " = " + row[2]).forEach(expected::add);

        Set<String> actual = new HashSet<>();
        for (FieldDescriptor section : ModuleConfig.getDescriptor().getFields()) {
            actual.add(section.getName() + " = " + section.getNumber());
            section.getMessageType()
                    .getFields()
                    .forEach(
                            field -> actual.add(section.getName() + "." + field.getName() + " = " + field.getNumber()));
        }

        assertThat(new TreeSet<>(actual)).isEqualTo(new TreeSet<>(expected)).hasSizeGreaterThan(100);
    }

    @Test
    void only_types_without_a_table_are_empty() {
        assertThat(WireTypes.MESSAGES.entrySet().stream()
                        .filter(type -> type.getValue().getFields().isEmpty())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(UNDESCRIBED);
    }

    @Test
    void admin_config_types_are_section_numbers_less_one() {
        assertThat(Config.getDescriptor().getFields())
                .hasSameSizeAs(AdminMessage.ConfigType.getDescriptor().getValues())
                .allSatisfy(section -> assertThat(AdminMessage.ConfigType.forNumber(section.getNumber() - 1))
                        .isNotNull());
        assertThat(ModuleConfig.getDescriptor().getFields())
                .hasSameSizeAs(AdminMessage.ModuleConfigType.getDescriptor().getValues())
                .allSatisfy(section -> assertThat(AdminMessage.ModuleConfigType.forNumber(section.getNumber() - 1))
                        .isNotNull());
    }

    private static String describe(FieldDescriptor field) {
        String label = field.isRepeated() ? "repeated " : isExplicitlyOptional(field) ? "optional " : "";
        OneofDescriptor oneof = field.getRealContainingOneof();
        return WireTypes.shortName(field.getContainingType().getFullName()) + "." + field.getName() + " = "
                + field.getNumber() + " : " + label + typeName(field)
                + (oneof == null ? "" : " in " + oneof.getName());
    }

    private static String describe(EnumValueDescriptor value) {
        return WireTypes.shortName(value.getType().getFullName()) + "." + value.getName() + " = " + value.getNumber();
    }

    private static boolean isExplicitlyOptional(FieldDescriptor field) {
        return field.toProto().getProto3Optional();
    }

    private static String typeName(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case ENUM -> WireTypes.shortName(field.getEnumType().getFullName());
            case MESSAGE -> WireTypes.shortName(field.getMessageType().getFullName());
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** The tables name a nested type by its last name where that is enough. */
    private static String inFull(String message, String labelledType) {
        int space = labelledType.lastIndexOf(' ') + 1;
        String type = labelledType.substring(space);
        String replaced = REPLACED_TYPES.getOrDefault(type, type);
        for (String scope = message; ; scope = scope.substring(0, Math.max(0, scope.lastIndexOf('.')))) {
            String candidate = scope.isEmpty() ? replaced : scope + "." + replaced;
            if (scope.isEmpty() || isType(candidate)) {
                return labelledType.substring(0, space) + candidate;
            }
        }
    }

    private static boolean isType(String name) {
        return WireTypes.MESSAGES.containsKey(name) || WireTypes.ENUMS.containsKey(name);
    }

    private static boolean isModuleConfig(Descriptor type) {
        return type.getFile().equals(ModuleConfigProto.getDescriptor());
    }

    private static Stream<String[]> rows(String kind) {
        return ROWS.stream().filter(row -> row[0].equals(kind));
    }

    private static List<String[]> read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                WireTablesTest.class.getResourceAsStream("/wire-tables.tsv"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
