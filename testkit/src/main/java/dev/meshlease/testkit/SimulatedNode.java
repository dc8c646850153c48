package dev.meshlease.testkit;

import dev.meshlease.Endpoint;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.node.SilentDrops;
import dev.meshlease.testkit.node.Switch;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A Meshtastic node that exists only in this JVM, with the mesh around it. Towards clients it behaves like firmware 2.7.26: it serves one
 * connection, and whoever connects next takes it over, up to 100 ms later and without a word to the first.
 *
 * <pre>{@code
 * try (SimulatedNode node = SimulatedNode.builder().nodes(3).start()) {
 *     connectTo(node.endpoint());
 *     node.peers().get(0).says("hello");
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> safe from any thread but the node's own. Each method waits until the node's thread has done what it asks, 10 s at
 * the most.
 */
public interface SimulatedNode extends AutoCloseable {
    /** A builder with a number, a device id and a name that no other node of this JVM has. */
    static SimulatedNodeBuilder builder() {
        return new SimulatedNodeBuilder();
    }

    /**
     * Where it can be reached.
     *
     * @throws IllegalStateException if it is on a serial cable only
     */
    Endpoint endpoint();

    /**
     * Where its serial console can be reached in virtual time, besides {@link #endpoint()}: {@code sim://node-1.console}. A connection there
     * stands for a port that is open; one at a time, a further one is reset. {@link dev.meshlease.testkit.node.Variant#serialConsole()} is a
     * board to go with it.
     *
     * @throws IllegalStateException if it does not live in virtual time; see {@link #attachSerial}
     */
    Endpoint consoleEndpoint();

    /** Its number. */
    NodeId id();

    /**
     * What all that it leaves to chance depends on: the number given to {@link SimulatedNodeBuilder#seed}, else one of its own; in virtual
     * time that of the environment. With it the node does the same again, as far as its clients and their timing let it.
     */
    long seed();

    /**
     * Another node of its mesh, within reach. One that the node did not know is in its database from now on.
     *
     * @throws IllegalArgumentException if that is the node itself, or everybody
     */
    SimulatedPeer peer(NodeId id);

    /** All other nodes of its database, in the order of the state dump. */
    List<SimulatedPeer> peers();

    /**
     * A rival connects, which evicts the client if there is one and newcomers do not starve, and leaves again. Returns when it has, or as
     * soon as connections are refused, as they are while the node restarts.
     */
    void evictClient();

    /** Ends the client's connection in order (FIN). Nothing happens if there is no client. */
    void disconnectClient();

    /**
     * Restarts it. Its connections are lost at once, as {@link Switch#REBOOT_STYLE} says; then it refuses new ones for
     * {@link Switch#REBOOT_TIME}. Settings and node database stay. What waited for a client or for transmission is lost, and so is what
     * peers say meanwhile. Returns when the connections are lost.
     */
    void reboot();

    /**
     * Plugs a cable into its serial console, besides the way it is reached otherwise. Both share what waits for a client: each packet goes to
     * one of them, whichever looks first.
     *
     * <p>Two threads serve the streams, which may block. An end or a failure of either is an unplugged cable; the node goes on. A stream
     * whose blocked read no {@code close} ends (that of a child process, for one) keeps its thread until somebody ends what writes to it.
     *
     * @param in what the client writes
     * @param out what the client reads
     * @throws IllegalStateException if there is a cable already, or the node lives in virtual time
     */
    SerialCable attachSerial(InputStream in, OutputStream out);

    /**
     * Opens a client of its web interface and leaves it open: from now on it takes what waits for clients again and again, away from all
     * others. It does not count as a connection, and never times out.
     *
     * @param every from one look to the next, more than zero
     */
    ForgottenTab forgottenTab(Duration every);

    /**
     * Has faults strike it from now on, until the injection is closed. Returns when what strikes at once has struck.
     *
     * <pre>{@code
     * try (Injection loss = node.inject(Fault.drop().to(Receiver.CLIENT).chance(0.2))) {
     *     …
     *     assertThat(loss.strikes()).isPositive();
     * }
     * }</pre>
     */
    Injection inject(Fault... faults);

    /** The faults of its builder, which strike from the start; none at all if it was given none. */
    Injection faults();

    /**
     * Ends all faults, those of its builder included, and a {@link MemoryTransport#stall}: what stalled goes on. Nothing happens once it is
     * closed. Returns when that is done.
     */
    void endFaults();

    /** How often faults have struck it, all together. */
    int strikes();

    /** How many connections it has accepted, those included that never said anything. */
    int accepted();

    /**
     * How many connections it has accepted whose client never said a word: it left without one, or was silent for a second at least until
     * the node ended it. That is what a probe looks like, made to see whether the node is there, and it costs whoever is connected the
     * connection. Rivals do not count: {@link #evictClient()}, {@link NaiveClient}.
     */
    int muteConnections();

    /** How many clients have lost their connection to a newer one. */
    int evictions();

    /** What clients had it transmit, in order: no packets to the node itself, nothing it refused, no second attempts. The latest 10,000. */
    List<MeshPacket> sent();

    /** The packets that clients have handed it, in order, whatever became of them: those to itself included. The latest 10,000. */
    List<MeshPacket> received();

    /**
     * Marks packets of {@link #received()} as expected, for strict tests, which fail if one was not. The assertions of {@link
     * dev.meshlease.testkit.assertj.MeshleaseAssertions} do that.
     *
     * @param wanted which; called on the node's thread
     * @return how many there are
     */
    int claim(Predicate<? super MeshPacket> wanted);

    /**
     * The packets of {@link #received()} that nobody has claimed, but for questions to the node itself for its metadata: a link asks them
     * of old firmware to learn whether it lives.
     */
    List<MeshPacket> unclaimed();

    /** What it and its clients have said to each other lately, to be printed. */
    Conversation conversation();

    /**
     * What its clients did that is not asked of clients, in words; the first 1,000 times. See {@link
     * dev.meshlease.testkit.junit.Simulated#strict}.
     */
    List<String> offences();

    /**
     * When a client was connected while another one was, in words; the first 1,000 times. Rivals do not count: {@link #evictClient()}, {@link
     * NaiveClient}.
     */
    List<String> overlaps();

    /** Whether a client is connected that is no rival and has not ended its side, served or not. */
    boolean hasClient();

    /** Whether its time stands still until somebody waits. */
    boolean isInVirtualTime();

    /**
     * Waits for something to be true of it. In virtual time that lets time pass.
     *
     * @param condition asked again after each thing that the node does
     * @param limit how long, at most
     * @return whether it became true
     */
    boolean await(Predicate<? super SimulatedNode> condition, Duration limit);

    /** What it has thrown away in silence. */
    SilentDrops silentDrops();

    /**
     * Plays the traffic of its recording again, from now on and with the recorded spacing: packets that the recorded node gave its client
     * after a handshake, but for those it had from itself or from its client.
     *
     * @throws IllegalStateException if it has no recording
     */
    void replayTraffic();

    /**
     * Plays the traffic of its recording again, from now on.
     *
     * @param spacing the time between two packets; zero for all at once
     * @throws IllegalStateException if it has no recording
     */
    void replayTraffic(Duration spacing);

    /** Ends all its connections and whatever it listens on. What it has seen can still be asked for. Idempotent. */
    @Override
    void close();
}
