package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.Recording;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.fault.Fault;
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
 * <p>A registry that does not close fails the test. So does anything that a task in virtual time threw. A failure of a test in virtual
 * time carries the seed with which to run it again, as a suppressed exception.
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

    /** The recording that it plays, as in {@link Recording#bundled}; empty for none. */
    String recording() default "";

    /** What strikes it from the start, as {@link Fault} writes it: {@code "reset:at=config_complete,times=1"}. */
    String[] faults() default {};

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
