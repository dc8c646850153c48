package dev.meshlease.testkit.assertj;

import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.internal.transcript.Words;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a simulated node. See {@link MeshleaseAssertions} for how they wait.
 *
 * <p><b>Threading:</b> for one thread, and none of the node's.
 */
@SuppressWarnings("exports") // AssertJ is there for those who use this
public final class SimulatedNodeAssert extends AbstractAssert<SimulatedNodeAssert, SimulatedNode> {
    private static final Duration REAL_PATIENCE = Duration.ofSeconds(2);
    private static final Duration VIRTUAL_PATIENCE = Duration.ofMinutes(2);
    /** Longer than the node takes to look at a connection and what it says. */
    private static final Duration REAL_DOUBT = Duration.ofMillis(150);

    private static final Duration VIRTUAL_DOUBT = Duration.ofSeconds(1);

    SimulatedNodeAssert(SimulatedNode node) {
        super(node, SimulatedNodeAssert.class);
    }

    /**
     * It has accepted one connection since it was started, rivals included, and no other: whoever wanted the node shared it, and nobody
     * has come back. Whether it is still there is not looked at; {@link #hasClient()} does.
     */
    public SimulatedNodeAssert acceptedExactlyOneClient() {
        return accepted(1);
    }

    /**
     * It has accepted so many connections since it was started, rivals included. One that the node has not looked at yet counts as soon as
     * it does.
     *
     * @param count exactly
     */
    public SimulatedNodeAssert accepted(int count) {
        return stays(
                "to have accepted " + connections(count),
                node -> node.accepted() == count,
                () -> actual.accepted() + "");
    }

    /**
     * So many clients have lost their connection to a newer one.
     *
     * @param count exactly
     */
    public SimulatedNodeAssert evicted(int count) {
        return stays(
                "to have evicted " + clients(count), node -> node.evictions() == count, () -> actual.evictions() + "");
    }

    /**
     * A client has handed it this message, whatever became of it: the same payload to the same node on the same channel. What the message
     * does not say does not matter: whether an ack was wanted, what it quoted, the id and the hop limit that the link chose. All packets
     * like it count as expected in a strict test.
     */
    public SimulatedNodeAssert received(OutboundMessage message) {
        Predicate<MeshPacket> wanted = new Likeness(message);
        return check(
                "to have received " + Words.of(message.proto()),
                node -> node.claim(wanted) > 0,
                () -> packets(actual.received()));
    }

    /**
     * Clients have handed it this message so many times, each time counted.
     *
     * @param count exactly
     */
    public SimulatedNodeAssert received(int count, OutboundMessage message) {
        Predicate<MeshPacket> wanted = new Likeness(message);
        return stays(
                "to have received " + count + " times " + Words.of(message.proto()),
                node -> node.claim(wanted) == count,
                () -> packets(actual.received()));
    }

    /** Clients have handed it no packet. */
    public SimulatedNodeAssert receivedNothing() {
        return stays("to have received no packet", node -> node.received().isEmpty(), () -> packets(actual.received()));
    }

    /** Clients have handed it no packet but those that {@code received(...)} has named. */
    public SimulatedNodeAssert receivedNothingElse() {
        return stays(
                "to have received nothing else", node -> node.unclaimed().isEmpty(), () -> packets(actual.unclaimed()));
    }

    /** It has thrown away nothing that a client sent: no rate limit was hit, no id repeated, nothing undecodable sent. */
    public SimulatedNodeAssert droppedNothingSilently() {
        return stays(
                "to have dropped nothing in silence",
                node -> node.silentDrops().ofClients() == 0,
                () -> actual.silentDrops().toString());
    }

    /** A client is connected. */
    public SimulatedNodeAssert hasClient() {
        return check("to have a client", SimulatedNode::hasClient, () -> "none");
    }

    /** No client is connected. */
    public SimulatedNodeAssert hasNoClient() {
        return stays("to have no client", node -> !node.hasClient(), () -> "one");
    }

    private SimulatedNodeAssert check(String what, Predicate<SimulatedNode> condition, Supplier<String> was) {
        return require(what, becomes(condition), was);
    }

    /** For what may end by something that is still on its way. */
    private SimulatedNodeAssert stays(String what, Predicate<SimulatedNode> condition, Supplier<String> was) {
        return require(
                what, becomes(condition) && !actual.await(condition.negate(), inTime(VIRTUAL_DOUBT, REAL_DOUBT)), was);
    }

    private boolean becomes(Predicate<SimulatedNode> condition) {
        isNotNull();
        return actual.await(condition, inTime(VIRTUAL_PATIENCE, REAL_PATIENCE));
    }

    private Duration inTime(Duration virtual, Duration real) {
        return actual.isInVirtualTime() ? virtual : real;
    }

    private SimulatedNodeAssert require(String what, boolean holds, Supplier<String> was) {
        if (!holds) {
            failWithMessage(
                    "%nExpected %s %s.%nBut it was: %s%nThe conversation:%n%s",
                    actual, what, was.get(), actual.conversation());
        }
        return this;
    }

    private static String packets(List<MeshPacket> packets) {
        return packets.isEmpty() ? "no packet" : packets.stream().map(Words::of).collect(Collectors.joining("; "));
    }

    private static String connections(int count) {
        return count == 1 ? "exactly one client" : count + " clients";
    }

    private static String clients(int count) {
        return count == 0 ? "nobody" : connections(count);
    }
}
