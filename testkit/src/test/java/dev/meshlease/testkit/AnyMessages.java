package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Messages with anything in them, some of which make sense. The same for the same randomness. */
final class AnyMessages {
    private static final int DEPTH = 4;
    private static final List<Descriptor> PAYLOADS = ToRadio.getDescriptor().getFile().getDependencies().stream()
            .flatMap(file -> file.getMessageTypes().stream())
            .toList();

    private final Random random;
    private final int[] destinations;

    /**
     * @param node the node itself
     * @param peer another one that it knows
     */
    AnyMessages(Random random, int node, int peer) {
        this.random = random;
        destinations = new int[] {node, node, peer, -1, 0, 1};
    }

    /** A frame that a client may send, goodbyes left out, or one that is damaged. */
    byte[] frame() {
        ToRadio message = random.nextInt(3) > 0
                ? ToRadio.newBuilder().setPacket(packet()).build()
                : (ToRadio) fill(ToRadio.newBuilder());
        boolean fits = !message.getDisconnect() && message.getSerializedSize() <= NodeFraming.MAX_PAYLOAD;
        return fits ? NodeFraming.frame(damaged(message.toByteArray())) : new byte[0];
    }

    private MeshPacket packet() {
        MeshPacket.Builder packet = MeshPacket.newBuilder()
                .setTo(random.nextInt(8) == 0 ? random.nextInt() : destinations[random.nextInt(destinations.length)])
                .setFrom(random.nextBoolean() ? 0 : random.nextBoolean() ? destinations[2] : random.nextInt())
                .setId(random.nextInt(50))
                .setChannel(random.nextInt(12) - 2)
                .setHopLimit(random.nextBoolean() ? 3 : random.nextInt())
                .setPriorityValue(random.nextInt(140))
                .setPkiEncrypted(random.nextInt(8) == 0)
                .setWantAck(random.nextBoolean());
        if (random.nextInt(12) == 0) {
            packet.setUnknownFields(UnknownFieldSet.newBuilder()
                    .mergeLengthDelimitedField(1000, ByteString.copyFrom(bytes(240)))
                    .build());
        }
        if (random.nextInt(12) == 0) {
            return packet.setEncrypted(ByteString.copyFrom(bytes(60))).build();
        }
        return packet.setDecoded(data()).build();
    }

    private Data.Builder data() {
        List<PortNum> ports = List.of(PortNum.values());
        PortNum port = random.nextBoolean() ? PortNum.ADMIN_APP : ports.get(random.nextInt(ports.size() - 1));
        Data.Builder data = Data.newBuilder()
                .setPortnum(port)
                .setPayload(payload(port))
                .setRequestId(random.nextInt(50))
                .setWantResponse(random.nextBoolean());
        if (random.nextInt(6) > 0) {
            return data;
        }
        Data wrapped = Data.newBuilder() // port and payload, like what simulated radios exchange
                .setPortnum(port)
                .setPayload(data.getPayload())
                .build();
        return Data.newBuilder().setPortnum(PortNum.SIMULATOR_APP).setPayload(wrapped.toByteString());
    }

    private ByteString payload(PortNum port) {
        if (random.nextInt(10) == 0) {
            return ByteString.copyFrom(bytes(240));
        }
        Message.Builder payload = DynamicMessage.newBuilder(
                port == PortNum.ADMIN_APP
                        ? AdminMessage.getDescriptor()
                        : PAYLOADS.get(random.nextInt(PAYLOADS.size())));
        return ByteString.copyFrom(damaged(fill(payload).toByteArray()));
    }

    /** Any message of a type. */
    Message fill(Message.Builder message) {
        return fill(message, DEPTH);
    }

    private Message fill(Message.Builder message, int depth) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        for (int i = random.nextInt(4); i >= 0 && !fields.isEmpty(); i--) {
            FieldDescriptor field = fields.get(random.nextInt(fields.size()));
            boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (nested && depth == 0) {
                continue;
            }
            Object value = nested ? fill(message.newBuilderForField(field), depth - 1) : scalar(field);
            if (field.isRepeated()) {
                message.addRepeatedField(field, value);
            } else {
                message.setField(field, value);
            }
        }
        return message.build();
    }

    private Object scalar(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> random.nextBoolean() ? random.nextInt(16) : random.nextInt();
            case LONG -> random.nextBoolean() ? random.nextInt(16) : random.nextLong();
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case BOOLEAN -> random.nextBoolean();
            case STRING -> "x".repeat(random.nextInt(random.nextInt(5) == 0 ? 230 : 40));
            case BYTE_STRING -> ByteString.copyFrom(bytes(40));
            case ENUM -> {
                var values = field.getEnumType().getValues();
                yield random.nextInt(5) == 0
                        ? field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt())
                        : values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> throw new AssertionError(field);
        };
    }

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Now and then one byte is wrong, or some are missing or there twice. */
    byte[] damaged(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(16)) {
            case 0, 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + at);
                System.arraycopy(bytes, 0, longer, bytes.length, at);
                return longer.length <= NodeFraming.MAX_PAYLOAD ? longer : bytes;
            }
            case 5 -> spoil(bytes);
            default -> {}
        }
        return bytes;
    }

    /** Makes its texts none in UTF-8. */
    private static void spoil(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 'x') {
                bytes[i] = (byte) 0xFF;
            }
        }
    }
}
