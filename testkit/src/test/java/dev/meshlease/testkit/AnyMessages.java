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
    private static final int[] SETTERS = {
        AdminMessage.SET_OWNER_FIELD_NUMBER,
        AdminMessage.SET_CHANNEL_FIELD_NUMBER,
        AdminMessage.SET_CONFIG_FIELD_NUMBER,
        AdminMessage.SET_MODULE_CONFIG_FIELD_NUMBER,
        AdminMessage.SET_FIXED_POSITION_FIELD_NUMBER,
        AdminMessage.ADD_CONTACT_FIELD_NUMBER
    };
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
        ToRadio message = switch (random.nextInt(4)) {
            case 0 -> (ToRadio) fill(ToRadio.newBuilder(), DEPTH);
            case 1 -> ToRadio.newBuilder().setPacket(order()).build();
            default -> ToRadio.newBuilder().setPacket(packet()).build();
        };
        boolean fits = !message.getDisconnect() && message.getSerializedSize() <= NodeFraming.MAX_PAYLOAD;
        byte[] payload = fits ? damaged(message.toByteArray()) : new byte[0];
        return payload.length <= NodeFraming.MAX_PAYLOAD ? NodeFraming.frame(payload) : payload;
    }

    /** An order to the node from its own client, of any kind, but each as often, that changes something if one can. */
    private MeshPacket order() {
        List<FieldDescriptor> orders = AdminMessage.getDescriptor().getFields();
        FieldDescriptor kind = random.nextBoolean()
                ? AdminMessage.getDescriptor().findFieldByNumber(SETTERS[random.nextInt(SETTERS.length)])
                : orders.get(random.nextInt(orders.size()));
        AdminMessage.Builder order = AdminMessage.newBuilder();
        order.setField(kind, value(order, kind, DEPTH));
        return MeshPacket.newBuilder()
                .setTo(destinations[0])
                .setId(random.nextInt())
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.ADMIN_APP)
                        .setPayload(order.build().toByteString())
                        .setWantResponse(random.nextBoolean()))
                .build();
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
        if (random.nextInt(30) == 0) {
            return large(packet);
        }
        if (random.nextInt(12) == 0) {
            return packet.setEncrypted(ByteString.copyFrom(bytes(60))).build();
        }
        return packet.setDecoded(data()).build();
    }

    /** As large as a client may send it: with what the node adds it fits no frame. */
    private MeshPacket large(MeshPacket.Builder packet) {
        packet.setDecoded(Data.newBuilder()
                .setPortnum(random.nextBoolean() ? PortNum.PRIVATE_APP : PortNum.SIMULATOR_APP)
                .setPayload(ByteString.copyFrom(new byte[230])));
        int room = NodeFraming.MAX_PAYLOAD - packet.build().getSerializedSize() - 10;
        return packet.setPublicKey(ByteString.copyFrom(new byte[room])).build();
    }

    private Data.Builder data() {
        List<PortNum> ports = List.of(PortNum.values());
        PortNum port = random.nextBoolean() ? PortNum.ADMIN_APP : ports.get(random.nextInt(ports.size() - 1));
        Data.Builder data = Data.newBuilder()
                .setPortnumValue(random.nextInt(20) == 0 ? number() : port.getNumber())
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
        return ByteString.copyFrom(damaged(fill(payload, DEPTH).toByteArray()));
    }

    /** Any message of a type. */
    Message fill(Message.Builder message) {
        return fill(message, DEPTH);
    }

    private Message fill(Message.Builder message, int depth) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        int count = random.nextInt(3) == 0 ? fields.size() : random.nextInt(4);
        for (int i = count; i >= 0 && !fields.isEmpty(); i--) {
            FieldDescriptor field = fields.get(random.nextInt(fields.size()));
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == 0) {
                continue;
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.STRING && random.nextInt(8) == 0) {
                noText(message, field);
            } else if (field.isRepeated()) {
                for (int j = random.nextInt(10) == 0 ? 60 : 1; j > 0; j--) {
                    message.addRepeatedField(field, value(message, field, depth));
                }
            } else {
                message.setField(field, value(message, field, depth));
            }
        }
        return message.build();
    }

    /** Bytes in the place of a string that are no text. */
    private void noText(Message.Builder message, FieldDescriptor field) {
        ByteString noText = ByteString.copyFrom(new byte[] {'a', (byte) 0xC3, (byte) 0x28, (byte) 0xFF});
        message.setUnknownFields(message.getUnknownFields().toBuilder()
                .mergeField(
                        field.getNumber(),
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(noText)
                                .build())
                .build());
    }

    private Object value(Message.Builder message, FieldDescriptor field, int depth) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? fill(message.newBuilderForField(field), depth - 1)
                : scalar(field);
    }

    private Object scalar(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> number();
            case LONG -> random.nextBoolean() ? random.nextInt(16) : random.nextLong();
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case BOOLEAN -> random.nextBoolean();
            case STRING -> (random.nextBoolean() ? "x" : "\uD83D\uDE00").repeat(random.nextInt(40));
            case BYTE_STRING -> ByteString.copyFrom(bytes(40));
            case ENUM -> {
                var values = field.getEnumType().getValues();
                yield random.nextInt(4) == 0
                        ? field.getEnumType().findValueByNumberCreatingIfUnknown(number())
                        : values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> throw new AssertionError(field);
        };
    }

    /** Small, absurd, or that of a node. */
    private int number() {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> random.nextInt(16);
            case 3 -> destinations[random.nextInt(destinations.length)];
            case 4 -> random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE;
            default -> random.nextInt();
        };
    }

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Now and then one byte is wrong, or some are missing, there twice, or in the wrong place. */
    byte[] damaged(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(16)) {
            case 0, 1 -> changed(bytes, at, random.nextInt());
            case 2 -> changed(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> joined(bytes, Arrays.copyOf(bytes, at));
            case 5 -> joined(Arrays.copyOfRange(bytes, at, bytes.length), Arrays.copyOf(bytes, at));
            default -> bytes;
        };
    }

    private static byte[] changed(byte[] bytes, int at, int to) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) to;
        return changed;
    }

    static byte[] joined(byte[] first, byte[] second) {
        return ByteString.copyFrom(first).concat(ByteString.copyFrom(second)).toByteArray();
    }
}
