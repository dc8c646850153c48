package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.Recording;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Variant;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Puts a simulated node into a field of type {@link SimulatedNode}. A node in a static field is shared by the tests of its class; one in
 * an instance field is new for each test. Any number of fields goes.
 *
 * <pre>{@code
 * class EchoTest {
 *     @Simulated
 *     SimulatedNode node;
 *
 *     @Test
 *     void answers(LinkRegistry links) {
 *         Lease lease = links.acquire(node.endpoint(), "echo");
 *         lease.ready().await(Duration.ofSeconds(30)); // takes no time
 *     }
 * }
 * }</pre>
 *
 * <p>Methods may then have parameters: a {@link dev.meshlease.LinkRegistry} that reaches the nodes, one for each test, closed after it
 * (after all tests of the class, and shared by them, if it is first asked for in {@code @BeforeAll} or a constructor); the test's {@link
 * dev.meshlease.testkit.VirtualTime} or {@link dev.meshlease.testkit.VirtualEnvironment}, shared by all nodes of the test and the
 * registry. It is the class's if the class has a static node.
 *
 * <p>After a test it is looked at what it left behind, and these fail it: a registry that does not close; a client that is still connected
 * to a node once the injected registry is closed, which is that of a registry of the test's own; a thread of the library that goes on; two
 * clients that were connected to a node at the same time; anything that a task in virtual time threw. A lease that was left open ends with
 * the injected registry, and fails {@link #strict} tests only.
 *
 * <p>What goes on from test to test, a node in a static field and a registry of the class, is looked at after each test for what that test
 * did, and once more at the end. A client or a lease that was there when the test began is not its doing. Where tests run in parallel, whose
 * doing something was cannot be told: such nodes are looked at at the end only, and threads not at all.
 *
 * <p>A failure carries what the nodes and their clients said to each other and, in virtual time, the seed with which to run it again, as
 * suppressed exceptions.
 *
 * <p>Fields are filled before {@code @BeforeAll} or {@code @BeforeEach} methods run, and must not be final.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@SuppressWarnings("exports") // the extension is JUnit's business alone
@ExtendWith(SimulatedExtension.class)
public @interface Simulated {
    /** How the node is reached; the same for all nodes of a test. By default in memory, in virtual time. */
    Face face() default Face.MEMORY;

    /** How many other nodes it knows, as in {@link SimulatedNodeBuilder#nodes}. */
    int nodes() default 0;

    /** Which kind of node it is, as {@link Variant#named} reads it: {@code "rak4631-ethernet"}; empty for {@link Variant#standard()}. */
    String variant() default "";

    /** Its firmware, as {@link FirmwareProfile#parse} reads it: {@code "2.8"}; empty for {@link FirmwareProfile#V2_7}. */
    String firmware() default "";

    /** The recording that it plays, as in {@link Recording#bundled}; empty for none. */
    String recording() default "";

    /** What strikes it from the start, as {@link Fault} writes it: {@code "reset:at=config_complete,times=1"}. */
    String[] faults() default {};

    /**
     * Whether the test fails on whatever it does not expect a client to do:
     *
     * <ul>
     *   <li>a frame that is no message, bytes outside of frames but for wake-up bytes, an empty message;
     *   <li>a packet before the handshake is complete, a {@code want_config_id} of 0 or before the last one is answered, a heartbeat with
     *       nonce 1;
     *   <li>a frame after {@code disconnect} but for a {@code want_config_id}, with which a client on a serial cable may come back;
     *   <li>a block of a file or a message of an MQTT proxy, which a simulated node ignores;
     *   <li>a packet that the node threw away in silence, since it came too soon, under an id used before, or cannot be decoded; unless a
     *       fault has struck, after which clients may have to repeat themselves;
     *   <li>a packet that no assertion named: {@code assertThat(node).received(...)}; unless it asks the node itself for its metadata, which
     *       is how a link learns whether old firmware lives;
     *   <li>a lease of the injected registry that is still open at the end. One strict node is enough for that.
     * </ul>
     *
     * <p>The failure shows the conversation. Default false.
     */
    boolean strict() default false;

    /**
     * Whether clients may evict each other. If not, the test fails when one is accepted while another one is still connected. {@link
     * SimulatedNode#evictClient()} and {@link dev.meshlease.testkit.NaiveClient} always may. Default false.
     */
    boolean rivals() default false;

    /** A way to reach a node. */
    enum Face {
        /** In memory and in virtual time: {@code sim://node-1}. Nothing else is needed. */
        MEMORY,
        /**
         * On a TCP port of the loopback interface, in real time. Needs the TCP transport ({@code meshlease-transport-tcp}) among the
         * test's dependencies.
         */
        TCP
    }
}
