package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever a client sends, the node goes on, and serves the next one. */
class AnyBytesTest {
    private static final int DEPTH = 4;
    private static final int PEER = 0x0c0ffee0;
    private static final List<Descriptor> PAYLOADS = ToRadio.getDescriptor().getFile().getDependencies().stream()
            .flatMap(file -> file.getMessageTypes().stream())
            .toList();

    @Property(tries = 300)
    void bytes_of_any_kind(@ForAll @Size(max = 1500) byte[] bytes, @ForAll boolean simulatedRadio) {
        Bench bench = bench(simulatedRadio);

        bench.ready().writes(bytes);

        servesTheNext(bench);
    }

    @Property(tries = 300)
    void messages_with_anything_in_them(@ForAll long seed, @ForAll boolean simulatedRadio) {
        Random random = new Random(seed);
        Bench bench = bench(simulatedRadio);
        Bench.Client client = bench.ready();

        for (int i = 0; i < 20; i++) {
            ToRadio message = random.nextBoolean()
                    ? ToRadio.newBuilder().setPacket(packet(bench, random)).build()
                    : (ToRadio) fill(ToRadio.newBuilder(), random, DEPTH);
            if (!message.getDisconnect() && message.getSerializedSize() <= NodeFraming.MAX_PAYLOAD) {
                client.writes(NodeFraming.frame(damaged(message.toByteArray(), random)));
                bench.host.advance(Duration.ofMillis(random.nextInt(3000)));
            }
        }

        servesTheNext(bench);
    }

    private static Bench bench(boolean simulatedRadio) {
        SimulatedNodeBuilder builder = SimulatedNode.builder().nodes(3);
        Bench bench = Bench.of(simulatedRadio ? builder.with(Switch.SIMULATED_RADIO, true) : builder);
        bench.node.peer(new NodeId(PEER));
        return bench;
    }

    private static void servesTheNext(Bench bench) {
        bench.host.advance(Duration.ofMinutes(2));
        bench.node.reboot(); // it may have been told to go off
        bench.host.advance(Duration.ofSeconds(6));
        Bench.Client next = bench.connect();
        next.wantsConfig(77);
        bench.host.advance(Bench.MOMENT);
        assertThat(next.received())
                .anySatisfy(message -> assertThat(message.getConfigCompleteId()).isEqualTo(77));
        assertThat(next.end).isEqualTo("none");
    }

    /** A packet on any port, to the node itself or to another, whose payload is some message, not always the right one. */
    private static MeshPacket packet(Bench bench, Random random) {
        List<PortNum> ports = List.of(PortNum.values());
        PortNum port = random.nextBoolean() ? PortNum.ADMIN_APP : ports.get(random.nextInt(ports.size() - 1));
        Message.Builder payload = DynamicMessage.newBuilder(
                port == PortNum.ADMIN_APP
                        ? AdminMessage.getDescriptor()
                        : PAYLOADS.get(random.nextInt(PAYLOADS.size())));
        ByteString bytes = fill(payload, random, DEPTH).toByteString();
        int[] destinations = {bench.node.id().number(), PEER, -1, random.nextInt()};
        return MeshPacket.newBuilder()
                .setTo(destinations[random.nextInt(destinations.length)])
                .setFrom(random.nextBoolean() ? 0 : random.nextInt())
                .setId(random.nextInt(50))
                .setHopLimit(random.nextInt())
                .setWantAck(random.nextBoolean())
                .setDecoded(Data.newBuilder()
                        .setPortnum(port)
                        .setPayload(bytes)
                        .setRequestId(random.nextInt(50))
                        .setWantResponse(random.nextBoolean()))
                .build();
    }

    private static Message fill(Message.Builder message, Random random, int depth) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        for (int i = random.nextInt(4); i >= 0 && !fields.isEmpty(); i--) {
            FieldDescriptor field = fields.get(random.nextInt(fields.size()));
            boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (nested && depth == 0) {
                continue;
            }
            Object value = nested ? fill(message.newBuilderForField(field), random, depth - 1) : scalar(field, random);
            if (field.isRepeated()) {
                message.addRepeatedField(field, value);
            } else {
                message.setField(field, value);
            }
        }
        return message.build();
    }

    private static Object scalar(FieldDescriptor field, Random random) {
        return switch (field.getJavaType()) {
            case INT -> random.nextBoolean() ? random.nextInt(16) : random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> "x".repeat(random.nextInt(40));
            case BYTE_STRING -> ByteString.copyFrom(new byte[random.nextInt(40)]);
            case ENUM -> {
                var values = field.getEnumType().getValues();
                yield values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> throw new AssertionError(field);
        };
    }

    /** Now and then one byte is wrong. */
    private static byte[] damaged(byte[] bytes, Random random) {
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
