package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.RebootStyle;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The node: sans-IO. Clients come in by its {@link Doors}, time and chance from the {@link NodeHost}; on its thread only.
 */
public final class Firmware {
    private static final int VERDICT_HOPS = 3;

    private final NodeProfile profile;
    private final NodeHost world;
    private final Counters counters = new Counters();
    private final NodeState state;
    private final Mesh mesh;
    private final List<MeshPacket> sent = new ArrayList<>();
    private final Witnesses witnesses = new Witnesses();
    private final Power power;
    private final StateKeeper keeper;
    private final Doors doors;
    private Life life;
    private boolean closed;

    public Firmware(NodeProfile profile, NodeHost world) {
        this.profile = profile;
        this.world = world;
        power = new Power(world);
        keeper = new StateKeeper(world, profile.file(), () -> state().lasting());
        state = new NodeState(profile.behaviour(), profile.dump(), keeper::changed);
        mesh = new Mesh(this, profile.onAir());
        life = newLife();
        doors = new Doors(this);
    }

    private Life newLife() {
        Life fresh = new Life(this, world, sent);
        fresh.execute(fresh.modules::start);
        return fresh;
    }

    /** Time, chance and the node's thread; what is scheduled here does not outlive a restart of the node. */
    public NodeHost host() {
        return life;
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
        return life.phone;
    }

    LocalModules modules() {
        return life.modules;
    }

    public NodeState state() {
        return state;
    }

    public Radio radio() {
        return life.radio;
    }

    public Mesh mesh() {
        return mesh;
    }

    /** Lets somebody watch; on the node's thread. */
    public void watch(Witness witness) {
        witnesses.add(witness);
    }

    /** The ways to its clients. */
    public Doors doors() {
        return doors;
    }

    Witnesses witnesses() {
        return witnesses;
    }

    RandomGenerator random() {
        return world.random();
    }

    long nanoTime() {
        return world.time().nanoTime();
    }

    long uptimeNanos() {
        return life.uptimeNanos();
    }

    int epochSeconds() {
        return (int) world.time().instant().getEpochSecond();
    }

    int newPacketId() {
        int id;
        do {
            id = random().nextInt();
        } while (id == 0);
        return id;
    }

    /**
     * Ends all connections; later ones are refused.
     *
     * @throws java.io.UncheckedIOException if its state cannot be saved
     */
    public void close() {
        closed = true;
        power.cancel();
        doors.close();
        life.end();
        keeper.save();
    }

    /** Restarts the node after a while; replaces what was planned before. On the node's thread. */
    public void reboot(Duration after) {
        power.plan(after, this::restart);
    }

    /** Restarts the node now. On its thread, but not from inside one of its sessions. */
    public void restart() {
        if (!closed) {
            down();
            power.plan(get(Switch.REBOOT_TIME), this::up);
        }
    }

    /** Turns the node off after a while; replaces what was planned before. */
    void shutDown(Duration after) {
        power.plan(after, this::down);
    }

    /** Calls a restart off, or that the node is turned off. */
    void stayUp() {
        power.cancel();
    }

    /** A client ends the simulation. */
    void exit() {
        power.plan(Duration.ZERO, () -> {
            down();
            profile.onExit().run();
        });
    }

    /** The end of a run: what a restart loses is gone from here on. */
    private void down() {
        if (life.isOver()) {
            return;
        }
        life.end();
        doors.down(get(Switch.REBOOT_STYLE) == RebootStyle.SILENT);
        state.restart();
        keeper.trySave();
        witnesses.noted("goes down");
    }

    /** The start of the next run. */
    private void up() {
        life = newLife();
        doors.up();
        witnesses.noted("is up again");
    }

    /** Whether the firmware runs at the moment. */
    boolean isUp() {
        return !life.isOver();
    }

    /** A client wants a packet sent. */
    void fromClient(MeshPacket packet, SendLimits limits) {
        if (is(Switch.SIMULATED_RADIO) && packet.getDecoded().getPortnum() == PortNum.SIMULATOR_APP) {
            life.simulatedRadio.inject(packet);
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
        life.phone.status(life.radio.status(Radio.RES_OK, packet.getId()));
    }

    private void notify(MeshPacket packet, String text) {
        life.phone.notification(ClientNotification.newBuilder()
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
            life.phone.status(life.radio.status(Radio.RES_OK, request.getId()));
            life.modules.handle(request);
            doors.news();
        }
    }

    void send(MeshPacket packet, boolean fromClient) {
        int res = life.radio.send(packet, fromClient);
        life.phone.status(life.radio.status(res, packet.getId()));
        doors.news();
    }

    /** The node introduces itself to the mesh, once a minute at the most. */
    void announce() {
        life.modules.announce();
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
        life.phone.status(life.radio.status(Radio.RES_OK, answer.getId()));
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
        life.phone.packet(packet);
        doors.news();
    }

    /** A packet has gone out. */
    void transmitted(MeshPacket packet) {
        if (is(Switch.SIMULATED_RADIO)) {
            life.phone.status(life.radio.status(Radio.RES_OK, packet.getId()));
            toPhone(SimulatedRadio.echo(packet));
        }
        mesh.hears(packet);
    }
}
