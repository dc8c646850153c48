package dev.meshlease.internal.link;

import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever happens, in whatever order, what must hold holds after every step, and at the end nothing is left. */
class LinkEnginePropertyTest {
    /** One thing that happens. The name is what a failure shows. */
    record Event(String name, Consumer<World> what) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Property(tries = 1500)
    void nothing_that_happens_breaks_the_engine(@ForAll("histories") List<Event> history) {
        run(new World(new EngineRig()), history);
    }

    /** Most random histories get no further than a handshake; these begin with a session. */
    @Property(tries = 1500)
    void nothing_that_happens_breaks_a_link_that_was_ready(@ForAll("histories") List<Event> history) {
        run(ready(new EngineRig()), history);
    }

    @Property(tries = 1500)
    void nothing_that_happens_breaks_a_link_at_a_serial_console(@ForAll("histories") List<Event> history) {
        run(ready(new EngineRig().console()), history);
    }

    private static World ready(EngineRig rig) {
        var world = new World(rig);
        world.demand();
        world.connectionComesAbout();
        world.nodeAnswersForConfig();
        return world;
    }

    private static void run(World world, List<Event> history) {
        for (Event event : history) {
            event.what().accept(world);
            world.check();
        }
        world.finish();
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        return events().list().ofMaxSize(60);
    }

    private static Arbitrary<Event> events() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, holders()),
                Tuple.of(8, wire()),
                Tuple.of(10, node()),
                Tuple.of(8, time()),
                Tuple.of(10, sends()),
                Tuple.of(4, takesBack()));
    }

    private static Arbitrary<Event> holders() {
        return Arbitraries.frequency(
                Tuple.of(8, new Event("demand", World::demand)),
                Tuple.of(4, new Event("rest", World::rest)),
                Tuple.of(1, new Event("close", World::close)),
                Tuple.of(2, new Event("reset backoff", World::resetBackoff)),
                Tuple.of(1, new Event("lease 1 closes", world -> world.leaseCloses(1))),
                Tuple.of(1, new Event("lease 2 closes", world -> world.leaseCloses(2))));
    }

    private static Arbitrary<Event> wire() {
        Arbitrary<Event> ends = Arbitraries.of(Loss.Kind.class)
                .map(kind -> new Event("ends: " + kind, world -> world.connectionEnds(kind)));
        return Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(new Event("opened", World::connectionComesAbout))),
                Tuple.of(1, Arbitraries.just(new Event("unlocated", World::nameIsUnknown))),
                Tuple.of(1, Arbitraries.just(new Event("missing", World::deviceIsMissing))),
                Tuple.of(1, Arbitraries.just(new Event("device came", World::deviceComes))),
                Tuple.of(2, ends));
    }

    private static Arbitrary<Event> node() {
        var which = Arbitraries.integers().between(0, 40);
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(new Event("handshake", World::nodeAnswersForConfig))),
                Tuple.of(
                        2,
                        Arbitraries.integers()
                                .between(1, 6)
                                .map(parts -> new Event("last " + parts + " of a handshake", w -> w.nodeTells(parts)))),
                Tuple.of(1, Arbitraries.just(new Event("rebooted", World::nodeRestarts))),
                Tuple.of(1, Arbitraries.just(new Event("boot text", World::chipRestarts))),
                Tuple.of(2, Arbitraries.just(new Event("text", World::text))),
                Tuple.of(
                        8,
                        Combinators.combine(which, Arbitraries.of(0, 0, 0, 0, 32, 34, 35, 7))
                                .as((parcel, res) ->
                                        new Event("verdict " + res + " on " + parcel, w -> w.verdict(parcel, res)))),
                Tuple.of(
                        5,
                        Combinators.combine(
                                        which,
                                        Arbitraries.of(OWN, PEER),
                                        Arbitraries.of(Routing.Error.NONE, Routing.Error.MAX_RETRANSMIT))
                                .as((parcel, from, error) -> new Event(
                                        error + " from " + from + " on " + parcel,
                                        w -> w.receipt(parcel, from, error)))),
                Tuple.of(2, which.map(parcel -> new Event("answer to " + parcel, w -> w.answer(parcel)))),
                Tuple.of(
                        1,
                        Arbitraries.bytes()
                                .array(byte[].class)
                                .ofMaxSize(40)
                                .map(bytes -> new Event("noise of " + bytes.length, w -> w.noise(bytes)))),
                Tuple.of(
                        1,
                        Arbitraries.integers()
                                .between(1, 20)
                                .map(bytes -> new Event(bytes + " bytes of a frame", w -> w.halfAFrame(bytes)))));
    }

    private static Arbitrary<Event> time() {
        var nanos = Arbitraries.longs().between(0, Duration.ofMinutes(3).toNanos());
        return Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(new Event("next is due", World::theNextThingIsDue))),
                Tuple.of(3, nanos.map(time -> new Event("passes " + time, w -> w.timePasses(time)))),
                Tuple.of(
                        3,
                        Arbitraries.longs()
                                .between(0, Duration.ofSeconds(6).toNanos())
                                .map(time -> new Event("passes " + time, w -> w.timePasses(time)))),
                Tuple.of(1, nanos.map(time -> new Event("held up " + time, w -> w.theLoopIsHeldUp(time)))),
                Tuple.of(
                        1,
                        nanos.map(time -> new Event("sleeps 10 times " + time, w -> w.theMachineSleeps(10 * time)))));
    }

    private static Arbitrary<Event> sends() {
        var ports =
                Arbitraries.of(Parcel.PRIVATE, Parcel.PRIVATE, Parcel.TEXT, Parcel.ADMIN, PortNum.TRACEROUTE_APP_VALUE);
        var to = Arbitraries.of(OWN, PEER, NodeId.BROADCAST);
        var seconds = Arbitraries.of(-1, 0, 3, 60, 300);
        var kind = Arbitraries.of("plain", "ack", "reply", "huge");
        return Combinators.combine(
                        ports,
                        to,
                        kind,
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, true, false),
                        seconds)
                .as((port, node, how, lease, mayWait, deadline) -> {
                    var plan = new Parcel.Plan(
                            port, node, how.equals("ack"), how.equals("reply"), how.equals("huge") ? 600 : 4);
                    return new Event(
                            "send " + plan + " by " + lease + (mayWait ? "" : " now") + " within " + deadline,
                            world -> world.send(lease, plan, mayWait, Duration.ofSeconds(deadline)));
                });
    }

    private static Arbitrary<Event> takesBack() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        1,
                        Arbitraries.integers()
                                .between(0, 40)
                                .map(parcel -> new Event("takes back " + parcel, w -> w.takeBack(parcel)))),
                Tuple.of(1, Arbitraries.just(new Event("tells of one", World::tellOfOneTakenBack))));
    }
}
