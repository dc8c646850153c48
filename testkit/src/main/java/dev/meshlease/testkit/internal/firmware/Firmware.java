package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The node: sans-IO. Connections come in as {@link ClientWire}s, time and chance from the {@link NodeHost}; on its thread only.
 *
 * <p>It behaves towards clients like firmware 2.7.26: one session at a time, and the newest connection takes it. A connection is looked at
 * by the accept poll, 0 to 100 ms after it was made; until then its bytes wait and the incumbent lives on.
 */
public final class Firmware {
    private static final int VERDICT_HOPS = 3;
    private static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(60);
    private static final Duration TELEMETRY_INTERVAL = Duration.ofSeconds(60);

    private final NodeProfile profile;
    private final NodeHost host;
    private final Counters counters = new Counters();
    private final PhoneQueues phone;
    private final NodeState state;
    private final Radio radio = new Radio(this);
    private final Mesh mesh;
    private final SimulatedRadio simulatedRadio;
    private final List<Entrance> entrances = new ArrayList<>();
    private final Witnesses witnesses = new Witnesses();
    private final LocalModules modules = new LocalModules(this);

    private final Deque<PhoneSession> backlog = new ArrayDeque<>();
    private @Nullable PhoneSession current;
    private int connections;
    private boolean acceptScheduled;
    private boolean closed;
    private long announcedNanos;
    private boolean announced;
    private final long startedNanos;

    public Firmware(NodeProfile profile, NodeHost host) {
        this.profile = profile;
        this.host = host;
        startedNanos = host.time().nanoTime();
        phone = new PhoneQueues(profile.behaviour().get(Switch.PHONE_QUEUE), counters);
        state = new NodeState(profile.behaviour(), profile.dump());
        mesh = new Mesh(this, profile.onAir());
        simulatedRadio = new SimulatedRadio(host, mesh::receive);
        if (is(Switch.OWN_TELEMETRY)) {
            host.execute(this::scheduleTelemetry);
        }
    }

    public NodeHost host() {
        return host;
    }

    /** The value of one of the node's switches. */
    public <T> T get(Switch<T> point) {
        return profile.behaviour().get(point);
    }

    boolean is(Switch<Boolean> point) {
        return get(point);
    }

    long nanos(Switch<Duration> point) {
        return get(point).toNanos();
    }

    public NodeProfile profile() {
        return profile;
    }

    public Counters counters() {
        return counters;
    }

    PhoneQueues phone() {
        return phone;
    }

    public NodeState state() {
        return state;
    }

    public Radio radio() {
        return radio;
    }

    public Mesh mesh() {
        return mesh;
    }

    /** Lets somebody watch; on the node's thread. */
    public void watch(Witness witness) {
        witnesses.add(witness);
    }

    /** Has a face follow {@link #refuse}; on the node's thread. */
    public void entrance(Entrance entrance) {
        entrances.add(entrance);
    }

    /** Refuses new connections on all faces, or lets them in again. */
    void refuse(boolean refused) {
        entrances.forEach(entrance -> entrance.refuse(refused));
    }

    Witnesses witnesses() {
        return witnesses;
    }

    RandomGenerator random() {
        return host.random();
    }

    long nanoTime() {
        return host.time().nanoTime();
    }

    long uptimeNanos() {
        return nanoTime() - startedNanos;
    }

    int epochSeconds() {
        return (int) host.time().instant().getEpochSecond();
    }

    int newPacketId() {
        int id;
        do {
            id = random().nextInt();
        } while (id == 0);
        return id;
    }

    /** A client's connection is established as far as the client can tell; the firmware will look at it soon. */
    public ClientSession connected(ClientWire wire) {
        PhoneSession session = new PhoneSession(this, Witnesses.name(connections++), wire);
        witnesses.connected(session.name());
        if (closed) {
            session.close(true);
            return session;
        }
        backlog.addLast(session);
        scheduleAccept(random().nextLong(nanos(Switch.ACCEPT_POLL) + 1));
        return session;
    }

    private void scheduleAccept(long delayNanos) {
        if (!acceptScheduled) {
            acceptScheduled = true;
            host.schedule(delayNanos, this::acceptOne);
        }
    }

    private void acceptOne() {
        acceptScheduled = false;
        PhoneSession next = backlog.pollFirst();
        if (next == null || closed) {
            return;
        }
        PhoneSession incumbent = current;
        if (incumbent != null) {
            if (!incumbent.isGone()) {
                counters.evictions++;
                witnesses.noted(next.name() + " evicts " + incumbent.name());
            }
            incumbent.close(incumbent.hasUnread());
        }
        counters.accepted++;
        current = next;
        next.start();
        if (!backlog.isEmpty()) {
            scheduleAccept(nanos(Switch.ACCEPT_POLL));
        }
    }

    /** A session has closed its connection. */
    void ended(PhoneSession session) {
        if (current == session) {
            current = null;
        }
    }

    boolean hasClient() {
        return current != null;
    }

    /** Ends the client's session in order. */
    public void disconnectClient() {
        if (current != null) {
            current.close(false);
        }
    }

    /** Ends all connections; later ones are refused. */
    public void close() {
        closed = true;
        disconnectClient();
        backlog.forEach(session -> session.close(false));
        backlog.clear();
    }

    /** A client wants a packet sent. */
    void fromClient(MeshPacket packet, SendLimits limits) {
        if (is(Switch.SIMULATED_RADIO) && packet.getDecoded().getPortnum() == PortNum.SIMULATOR_APP) {
            simulatedRadio.inject(packet);
            return;
        }
        if (!is(Switch.SIMULATED_RADIO) && limits.isRepeated(packet.getId())) {
            counters.repeatedIds++;
            return;
        }
        switch (limits.judge(packet, nanoTime())) {
            case ACCEPTED -> accept(packet);
            case REPORT_TOO_SOON -> refuse(packet);
            case TEXT_TOO_SOON -> {
                refuse(packet);
                if (packet.getFrom() == state.number()) {
                    verdict(packet.getId(), Routing.Error.RATE_LIMIT_EXCEEDED);
                }
                // otherwise the verdict goes by radio to whoever the packet said it was from: to nobody
            }
            case TRACEROUTE_TOO_SOON -> {
                notify(packet, "TraceRoute can only be sent once every 30 seconds");
                refuse(packet);
            }
            case TRACEROUTE_TO_ALL -> {
                notify(packet, "Multi-hop traceroute to broadcast address is not allowed");
                refuse(packet);
            }
        }
    }

    private void refuse(MeshPacket packet) {
        counters.rateLimited++;
        phone.status(radio.status(Radio.RES_OK, packet.getId()));
    }

    private void notify(MeshPacket packet, String text) {
        phone.notification(ClientNotification.newBuilder()
                .setReplyId(packet.getId())
                .setTime(epochSeconds())
                .setMessage(text)
                .build());
    }

    private void accept(MeshPacket packet) {
        MeshPacket.Builder own =
                packet.toBuilder().setFrom(state.number()).setNextHop(0).setRelayNode(0);
        if (packet.getId() == 0) {
            own.setId(newPacketId());
        }
        boolean forOthers = packet.getTo() != state.number();
        if (forOthers
                && packet.getDecoded().getPortnum() == PortNum.TRACEROUTE_APP
                && packet.getTo() != NodeId.BROADCAST.number()) {
            own.setWantAck(true);
        }
        if (own.getWantAck() && own.getHopLimit() == 0) {
            own.setHopLimit(state.lora().getHopLimit());
        }
        if (forOthers) {
            send(own.setHopStart(own.getHopLimit()).build(), true);
        } else {
            MeshPacket request = own.build();
            phone.status(radio.status(Radio.RES_OK, request.getId()));
            modules.handle(request);
            clientHasNews();
        }
    }

    private void send(MeshPacket packet, boolean fromClient) {
        int res = radio.send(packet, fromClient);
        phone.status(radio.status(res, packet.getId()));
        clientHasNews();
    }

    /** The node introduces itself to the mesh, once a minute at the most. */
    void announce() {
        if (announced && nanoTime() - announcedNanos < ANNOUNCE_INTERVAL.toNanos()) {
            return;
        }
        announced = true;
        announcedNanos = nanoTime();
        Data data = Data.newBuilder()
                .setPortnum(PortNum.NODEINFO_APP)
                .setPayload(state.owner().toByteString())
                .setBitfield(0)
                .build();
        send(fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND), false);
    }

    /** A packet of the node's own making. */
    MeshPacket fromSelf(int to, Data data, MeshPacket.Priority priority) {
        return MeshPacket.newBuilder()
                .setFrom(state.number())
                .setTo(to)
                .setId(newPacketId())
                .setHopLimit(VERDICT_HOPS)
                .setPriority(priority)
                .setDecoded(data)
                .build();
    }

    /** An answer of one of the node's modules to its own client; counted by a queue status like any packet. */
    void answerSelf(MeshPacket answer) {
        phone.status(radio.status(Radio.RES_OK, answer.getId()));
        toPhone(answer);
    }

    /** The node's own word on a packet of its client: implicit ack, or why it failed. */
    void verdict(int packetId, Routing.Error error) {
        toPhone(fromSelf(state.number(), routing(packetId, error), MeshPacket.Priority.ACK).toBuilder()
                .clearHopLimit()
                .build());
    }

    static Data routing(int requestId, Routing.Error error) {
        return Data.newBuilder()
                .setPortnum(PortNum.ROUTING_APP)
                .setPayload(Routing.newBuilder().setErrorReason(error).build().toByteString())
                .setRequestId(requestId)
                .build();
    }

    /** Queues a packet for the client, present or future. */
    public void toPhone(MeshPacket packet) {
        phone.packet(packet);
        clientHasNews();
    }

    private void clientHasNews() {
        if (current != null) {
            current.wake();
        }
    }

    /** A packet has gone out. */
    void transmitted(MeshPacket packet) {
        if (is(Switch.SIMULATED_RADIO)) {
            phone.status(radio.status(Radio.RES_OK, packet.getId()));
            toPhone(SimulatedRadio.echo(packet));
        }
        mesh.hears(packet);
    }

    private void scheduleTelemetry() {
        host.schedule(TELEMETRY_INTERVAL.toNanos(), () -> {
            if (!closed) {
                Data data = Data.newBuilder()
                        .setPortnum(PortNum.TELEMETRY_APP)
                        .setPayload(modules.deviceTelemetry().toByteString())
                        .build();
                toPhone(fromSelf(NodeId.BROADCAST.number(), data, MeshPacket.Priority.BACKGROUND));
                scheduleTelemetry();
            }
        });
    }
}
