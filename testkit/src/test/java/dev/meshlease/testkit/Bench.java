package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node on a hand-stepped host, and clients for it. */
final class Bench {
    static final Duration MOMENT = Duration.ofMillis(20);
    static final Duration ACCEPTED = Duration.ofMillis(120);

    final HandSteppedHost host;
    final Firmware firmware;
    final SimulatedNode node;
    private final List<Client> waiting = new ArrayList<>();

    private Bench(HandSteppedHost host, SimulatedNodeBuilder builder) {
        this.host = host;
        firmware = builder.firmware(host);
        node = builder.attach(firmware, host, Endpoint.of("tcp://127.0.0.1:4403"), () -> {});
        firmware.doors().server().entrance(this::refuse);
    }

    /** One that looks at quiet sessions as often as at busy ones, so that {@link #MOMENT} is enough for an answer. */
    static Bench of(SimulatedNodeBuilder builder) {
        return on(new HandSteppedHost(), builder);
    }

    /** The same in the time of others. */
    static Bench on(HandSteppedHost host, SimulatedNodeBuilder builder) {
        return new Bench(host, builder.with(Switch.IDLE_POLL, Duration.ofMillis(5)));
    }

    /** One whose polls are those of the builder. */
    static Bench asGiven(SimulatedNodeBuilder builder) {
        return new Bench(new HandSteppedHost(), builder);
    }

    /** A client that is connected, but has not been accepted yet. */
    Client knocks() {
        Client client = new Client();
        if (firmware.doors().server().waits(() -> client.meets(firmware.doors().server()::connected))) {
            waiting.add(client);
        } else {
            client.end = "RST";
        }
        return client;
    }

    private void refuse(boolean refused) {
        if (refused) {
            waiting.forEach(client -> client.end = "RST");
            waiting.clear();
        }
    }

    /** A client that plugs into the serial console of a node that is on. */
    Client plug() {
        Client client = new Client();
        client.meets(firmware.doors().console()::plug);
        return client;
    }

    /** A client that is plugged in when the node is turned on, and has read its first words. */
    Client turnOn() {
        Client client = new Client();
        client.toleratesRubbish = true;
        client.meets(firmware.doors().console()::turnOn);
        host.advance(MOMENT);
        return client;
    }

    /** An order to the node itself that changes its security settings. */
    MeshPacket setsSecurity(UnaryOperator<Config.SecurityConfig.Builder> change) {
        Config.SecurityConfig.Builder now = Config.SecurityConfig.newBuilder().setSerialEnabled(true);
        AdminMessage order = AdminMessage.newBuilder()
                .setSetConfig(Config.newBuilder().setSecurity(change.apply(now)))
                .build();
        return packet(node.id().number(), host.random().nextInt(1, 1000), PortNum.ADMIN_APP, order.toByteString());
    }

    Client connect() {
        Client client = knocks();
        host.advance(ACCEPTED);
        return client;
    }

    /** A client that has read the node's state. */
    Client ready() {
        Client client = connect();
        client.wantsConfig(1);
        host.advance(MOMENT);
        client.forget();
        return client;
    }

    static MeshPacket text(int to, int id, String text) {
        return packet(to, id, PortNum.TEXT_MESSAGE_APP, ByteString.copyFromUtf8(text));
    }

    static MeshPacket broadcast(int id, String text) {
        return text(NodeId.BROADCAST.number(), id, text);
    }

    static MeshPacket packet(int to, int id, PortNum port, ByteString payload) {
        return MeshPacket.newBuilder()
                .setTo(to)
                .setId(id)
                .setHopLimit(3)
                .setDecoded(Data.newBuilder().setPortnum(port).setPayload(payload))
                .build();
    }

    /** Something that no rule is about. */
    static MeshPacket plain(int to, int id) {
        return packet(to, id, PortNum.PRIVATE_APP, ByteString.EMPTY);
    }

    static MeshPacket asking(MeshPacket packet) {
        return packet.toBuilder()
                .setDecoded(packet.getDecoded().toBuilder().setWantResponse(true))
                .build();
    }

    static MeshPacket wantingAck(MeshPacket packet) {
        return packet.toBuilder().setWantAck(true).build();
    }

    static Routing.Error verdict(MeshPacket packet) {
        try {
            return Routing.parseFrom(packet.getDecoded().getPayload()).getErrorReason();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** Reads all, unless its {@link #room} is limited; keeps to itself what it may not write. */
    final class Client implements ClientWire {
        String end = "none";
        int room = Integer.MAX_VALUE;
        boolean toleratesRubbish;
        int rubbish;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final NodeFraming framing = new NodeFraming();
        private final List<FromRadio> received = new ArrayList<>();
        private final List<ByteString> payloads = new ArrayList<>();
        private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
        private @Nullable ClientSession session;
        private boolean paused;
        private boolean left;
        private boolean broken;

        private void meets(Function<ClientWire, ClientSession> node) {
            waiting.remove(this);
            session = node.apply(this);
            write();
            if (broken) {
                session.broken();
            } else if (left) {
                session.ended();
            }
        }

        @Override
        public int write(byte[] written, int offset, int length) {
            int taken = Math.min(room, length);
            room -= room == Integer.MAX_VALUE ? 0 : taken;
            bytes.write(written, offset, taken);
            for (int i = offset; i < offset + taken; i++) {
                byte[] payload = framing.take(written[i]);
                if (payload != null) {
                    take(payload);
                }
            }
            return taken;
        }

        private void take(byte[] payload) {
            payloads.add(ByteString.copyFrom(payload));
            try {
                received.add(FromRadio.parseFrom(payload));
            } catch (InvalidProtocolBufferException malformed) {
                rubbish++;
                if (!toleratesRubbish) {
                    throw new AssertionError(malformed);
                }
            }
        }

        /** Makes room for so many bytes more, and lets the node know. */
        void reads(int count) {
            room += room == Integer.MAX_VALUE ? 0 : count;
            if (session != null) {
                session.writable();
            }
        }

        @Override
        public void vanish() {
            end = "silence";
        }

        @Override
        public void pause(boolean pause) {
            paused = pause;
            host.execute(this::write);
        }

        @Override
        public void close(boolean reset) {
            end = reset ? "RST" : "FIN";
        }

        void writes(byte[] written) {
            unwritten.writeBytes(written);
            write();
        }

        private void write() {
            if (session != null && !paused && unwritten.size() > 0) {
                byte[] now = unwritten.toByteArray();
                unwritten.reset();
                session.received(now, 0, now.length);
            }
        }

        /** How many of its bytes the node has not taken. */
        int unwritten() {
            return unwritten.size();
        }

        void sends(ToRadio.Builder message) {
            writes(NodeFraming.frame(message.build().toByteArray()));
        }

        void sends(MeshPacket packet) {
            sends(ToRadio.newBuilder().setPacket(packet));
        }

        /** Sends it, and lets the node handle it. */
        void sent(MeshPacket packet) {
            sends(packet);
            host.advance(MOMENT);
        }

        void wantsConfig(int nonce) {
            sends(ToRadio.newBuilder().setWantConfigId(nonce));
        }

        void beats(int nonce) {
            sends(ToRadio.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNonce(nonce)));
        }

        void disconnects() {
            sends(ToRadio.newBuilder().setDisconnect(true));
        }

        /** Closes its side. */
        void leaves() {
            left = true;
            if (session != null) {
                session.ended();
            }
            host.advance(MOMENT);
        }

        /** Is cut off. */
        void breaks() {
            broken = true;
            if (session != null) {
                session.broken();
            }
            host.advance(MOMENT);
        }

        /** Whether the node may still take what it says. */
        boolean isHeard() {
            return end.equals("none") && !left && !broken;
        }

        void forget() {
            bytes.reset();
            received.clear();
            payloads.clear();
        }

        List<FromRadio> received() {
            return received;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        /** What it was told up to the first {@code config_complete_id}. */
        List<FromRadio> dump() {
            List<FromRadio> dump = new ArrayList<>();
            for (FromRadio message : received) {
                dump.add(message);
                if (message.hasConfigCompleteId()) {
                    return dump;
                }
            }
            throw new AssertionError("no state dump has come to its end in " + received);
        }

        List<ByteString> payloads() {
            return payloads;
        }

        List<MeshPacket> packets() {
            return received.stream()
                    .filter(FromRadio::hasPacket)
                    .map(FromRadio::getPacket)
                    .toList();
        }

        List<QueueStatus> statuses() {
            return received.stream()
                    .filter(FromRadio::hasQueueStatus)
                    .map(FromRadio::getQueueStatus)
                    .toList();
        }

        /** What the node's modules and others said to this node in words of routing. */
        List<Routing.Error> verdicts() {
            return packets().stream()
                    .filter(packet -> packet.getDecoded().getPortnum() == PortNum.ROUTING_APP)
                    .map(Bench::verdict)
                    .toList();
        }

        /** What the node says it has transmitted. */
        List<MeshPacket> echoes() {
            return packets().stream()
                    .filter(packet -> packet.getDecoded().getPortnum() == PortNum.SIMULATOR_APP)
                    .toList();
        }

        List<String> texts() {
            return packets().stream()
                    .filter(packet -> packet.getDecoded().getPortnum() == PortNum.TEXT_MESSAGE_APP)
                    .map(packet -> packet.getDecoded().getPayload().toStringUtf8())
                    .toList();
        }
    }
}
