package dev.meshlease.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.Random;

/** Messages of any type with any content, optionally with fields that no descriptor knows, at every depth. */
final class RandomMessages {
    private static final int MAX_DEPTH = 4;
    private static final int MAX_REPEATS = 3;
    private static final int[] EDGES = {0, 1, -1, 127, 128, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final Random random;
    private final boolean withUnknownFields;

    RandomMessages(Random random, boolean withUnknownFields) {
        this.random = random;
        this.withUnknownFields = withUnknownFields;
    }

    Message of(Descriptor type) {
        return of(type, MAX_DEPTH);
    }

    private Message of(Descriptor type, int depth) {
        Message.Builder message = WireTypes.emptyInstance(type).newBuilderForType();
        for (FieldDescriptor field : type.getFields()) {
            if (field.getRealContainingOneof() == null && random.nextBoolean()) {
                fill(message, field, depth);
            }
        }
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            fill(message, oneof.getField(random.nextInt(oneof.getFieldCount())), depth);
        }
        if (withUnknownFields) {
            message.setUnknownFields(unknownTo(type));
        }
        return message.build();
    }

    private void fill(Message.Builder message, FieldDescriptor field, int depth) {
        if (depth == 0 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            return;
        }
        if (field.isRepeated()) {
            for (int i = random.nextInt(MAX_REPEATS + 1); i > 0; i--) {
                message.addRepeatedField(field, value(field, depth));
            }
        } else {
            message.setField(field, value(field, depth));
        }
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> number();
            case LONG -> (long) number() << random.nextInt(33);
            case FLOAT -> Float.intBitsToFloat(number());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTE_STRING -> bytes();
            case ENUM -> constant(field.getEnumType());
            case MESSAGE -> of(field.getMessageType(), depth - 1);
        };
    }

    private int number() {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextInt();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(12), 0, Character.MAX_CODE_POINT + 1)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private ByteString bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /** Also numbers without a constant: firmware is newer than any list. */
    private Object constant(EnumDescriptor type) {
        return random.nextInt(4) == 0
                ? type.findValueByNumberCreatingIfUnknown(random.nextInt(100_000))
                : type.getValue(random.nextInt(type.getValueCount()));
    }

    private UnknownFieldSet unknownTo(Descriptor type) {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int number = 1 + random.nextInt(random.nextBoolean() ? 200 : (1 << 29) - 1);
            if (type.findFieldByNumber(number) == null) {
                fields.mergeField(number, unknownField());
            }
        }
        return fields.build();
    }

    private UnknownFieldSet.Field unknownField() {
        UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
        switch (random.nextInt(5)) {
            case 0 -> field.addVarint(random.nextLong());
            case 1 -> field.addFixed32(random.nextInt());
            case 2 -> field.addFixed64(random.nextLong());
            case 3 -> field.addLengthDelimited(bytes());
            default ->
                field.addGroup(UnknownFieldSet.newBuilder()
                        .mergeVarintField(1, random.nextInt(1000))
                        .build());
        }
        return field.build();
    }
}
