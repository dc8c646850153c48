package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.HardwareModel;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.node.RebootStyle;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The node: sans-IO. Clients come in by its {@link Doors}, time and chance from the {@link NodeHost}; on its thread only.
 */
public final class Firmware {
    private static final int MOST_SENT = 10_000;

    private final NodeProfile profile;
    private final NodeHost world;
    private final Counters counters = new Counters();
    private final NodeState state;
    private final Air air;
    private final ArrayDeque<MeshPacket> sent = new ArrayDeque<>();
    private final Witnesses witnesses = new Witnesses();
    private final MuteClients muteClients;
    private final Power power;
    private final StateKeeper keeper;
    private final Doors doors;
    private final Interference interference;
    private Life life;
    private boolean closed;

    /** @param interference makes what stands between this firmware and its clients, which may ask for nothing yet */
    public Firmware(NodeProfile profile, NodeHost world, Function<Firmware, Interference> interference) {
        this.profile = profile;
        this.world = world;
        muteClients = new MuteClients(world.time(), counters);
        witnesses.add(muteClients);
        power = new Power(world);
        keeper = new StateKeeper(world, profile.file(), () -> state().lasting());
        state = new NodeState(profile.behaviour(), profile.dump(), keeper::changed);
        life = new Life(this, world);
        air = new Air(this);
        doors = new Doors(this);
        this.interference = interference.apply(this);
        life.execute(life.modules::start); // last: it may run at once, on the node's thread
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

    Modules modules() {
        return life.modules;
    }

    public NodeState state() {
        return state;
    }

    /** The node's number; from any thread. */
    public NodeId id() {
        return new NodeId(state.number());
    }

    Router router() {
        return life.router;
    }

    public Air air() {
        return air;
    }

    /** What clients had transmitted lately, first attempts only. */
    public List<MeshPacket> sent() {
        return List.copyOf(sent);
    }

    /** Notes what a client has had transmitted. */
    void sent(MeshPacket packet) {
        if (sent.size() == MOST_SENT) {
            sent.remove();
        }
        sent.add(packet);
    }

    /** What outlives the restarts of the node; from any thread. */
    NodeHost world() {
        return world;
    }

    /** Lets somebody watch; on the node's thread. */
    public void watch(Witness witness) {
        witnesses.add(witness);
    }

    /** The first who watches of a kind. */
    public <W extends Witness> W witness(Class<W> kind) {
        return witnesses.first(kind);
    }

    /** Tells those who watch of something that bytes do not show. */
    public void note(String what) {
        witnesses.noted(what);
    }

    /** What stands between it and its clients. */
    public Interference interference() {
        return interference;
    }

    /** The ways to its clients. */
    public Doors doors() {
        return doors;
    }

    Witnesses witnesses() {
        return witnesses;
    }

    MuteClients muteClients() {
        return muteClients;
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
        interference.end();
        air.leave();
        power.cancel();
        doors.close();
        life.end();
        witnesses.over();
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
            doors.console().chipResets();
            power.plan(get(Switch.REBOOT_TIME), this::up);
        }
    }

    /** Turns the node off after a while; replaces what was planned before. That is the end of a simulation. */
    void shutDown(Duration after) {
        power.plan(after, isDaemon() ? this::endSimulation : this::down);
    }

    /** Calls a restart off, or that the node is turned off. */
    void stayUp() {
        power.cancel();
    }

    /** Whether it is a process, which can end. */
    boolean isDaemon() {
        return is(Switch.SIMULATED_RADIO) || state().settings().metadata().getHwModel() == HardwareModel.PORTDUINO;
    }

    /** A client ends the simulation. */
    void exit() {
        power.plan(Duration.ZERO, this::endSimulation);
    }

    private void endSimulation() {
        down();
        profile.onExit().run();
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
        life = new Life(this, world);
        life.execute(life.modules::start);
        doors.up();
        witnesses.noted("is up again");
    }

    /** Whether the firmware runs at the moment. */
    boolean isUp() {
        return !life.isOver();
    }

    /** Has the client told what became of a packet that was handed to the radio. */
    void report(int res, int packetId) {
        phone().status(router().radio().status(res, packetId));
        doors.news();
    }

    /** Has the client told something in words. */
    void tell(ClientNotification.Builder words) {
        phone().notification(words.setTime(epochSeconds()).build());
        doors.news();
    }

    /** Queues a packet for the client, present or future. */
    public void toPhone(MeshPacket packet) {
        life.phone.packet(packet);
        doors.news();
    }
}
