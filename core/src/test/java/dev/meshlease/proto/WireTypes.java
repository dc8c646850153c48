package dev.meshlease.proto;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every wire type there is, by its name in the .proto files. */
final class WireTypes {
    private static final List<FileDescriptor> FILES = List.of(
            AdminProto.getDescriptor(),
            ChannelProto.getDescriptor(),
            ConfigProto.getDescriptor(),
            ConnectionStatusProto.getDescriptor(),
            DeviceUiProto.getDescriptor(),
            EnvelopeProto.getDescriptor(),
            HardwareProto.getDescriptor(),
            ModuleConfigProto.getDescriptor(),
            NodeProto.getDescriptor(),
            PacketProto.getDescriptor(),
            PortsProto.getDescriptor(),
            TelemetryProto.getDescriptor(),
            XmodemProto.getDescriptor());

    static final Map<String, Descriptor> MESSAGES = FILES.stream()
            .flatMap(file -> file.getMessageTypes().stream())
            .flatMap(WireTypes::withNested)
            .collect(toMap(type -> shortName(type.getFullName()), identity()));

    static final Map<String, EnumDescriptor> ENUMS = Stream.concat(
                    FILES.stream().flatMap(file -> file.getEnumTypes().stream()),
                    MESSAGES.values().stream().flatMap(type -> type.getEnumTypes().stream()))
            .collect(toMap(type -> shortName(type.getFullName()), identity()));

    private WireTypes() {}

    static String shortName(String fullName) {
        return fullName.substring("meshlease.".length());
    }

    /** The generated class's own instance, so that the tests meet generated code and no dynamic messages. */
    static Message emptyInstance(Descriptor type) {
        String className =
                "dev.meshlease.proto." + shortName(type.getFullName()).replace('.', '$');
        try {
            return (Message)
                    Class.forName(className).getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no generated class " + className, e);
        }
    }

    private static Stream<Descriptor> withNested(Descriptor type) {
        return Stream.concat(Stream.of(type), type.getNestedTypes().stream().flatMap(WireTypes::withNested));
    }
}
