package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The radio of {@code meshtasticd -s}: its transmissions and receptions go through the client, wrapped in SIMULATOR_APP packets whose
 * payload has the true port (field 1) and payload (field 2). On the node's thread.
 */
public final class SimulatedRadio {
    private static final int PORT = 1;
    private static final int PAYLOAD = 2;

    private static final int RECEPTIONS = 4;

    private final NodeHost host;
    private final Consumer<MeshPacket> receiver;
    private final Deque<MeshPacket> receptions = new ArrayDeque<>();

    SimulatedRadio(NodeHost host, Consumer<MeshPacket> receiver) {
        this.host = host;
        this.receiver = receiver;
    }

    /** Takes a reception from the client. Four wait for the node's next turn; of more at once the oldest are lost. */
    void inject(MeshPacket injected) {
        if (receptions.isEmpty()) {
            host.schedule(0, this::receiveAll);
        } else if (receptions.size() == RECEPTIONS) {
            receptions.removeFirst();
        }
        receptions.addLast(reception(injected));
    }

    private void receiveAll() {
        for (MeshPacket next = receptions.pollFirst(); next != null; next = receptions.pollFirst()) {
            receiver.accept(next);
        }
    }

    /** A transmission as the client is shown it. */
    static MeshPacket echo(MeshPacket packet) {
        if (!packet.hasDecoded()) {
            return packet; // what a client has encrypted itself cannot be wrapped
        }
        Data sent = packet.getDecoded();
        UnknownFieldSet wrapped = UnknownFieldSet.newBuilder()
                .addField(
                        PORT,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(sent.getPortnumValue())
                                .build())
                .addField(
                        PAYLOAD,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(sent.getPayload())
                                .build())
                .build();
        return packet.toBuilder()
                .setDecoded(sent.toBuilder().setPortnum(PortNum.SIMULATOR_APP).setPayload(wrapped.toByteString()))
                .build();
    }

    /** What the client means; a payload that is not wrapped comes through as it is. */
    private static MeshPacket reception(MeshPacket injected) {
        Data outer = injected.getDecoded();
        Data.Builder inner = outer.toBuilder();
        try {
            UnknownFieldSet wrapped = UnknownFieldSet.parseFrom(outer.getPayload());
            for (long port : wrapped.getField(PORT).getVarintList()) {
                inner.setPortnumValue((int) port).setPayload(ByteString.EMPTY);
            }
            for (ByteString payload : wrapped.getField(PAYLOAD).getLengthDelimitedList()) {
                inner.setPayload(payload);
            }
        } catch (InvalidProtocolBufferException notWrapped) {
            return injected;
        }
        return injected.toBuilder()
                .setDecoded(inner)
                .setTransportMechanism(MeshPacket.TransportMechanism.TRANSPORT_LORA)
                .build();
    }
}
