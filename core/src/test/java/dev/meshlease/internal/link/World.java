package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DeliveryStage;
import dev.meshlease.LinkState;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Everything that can happen to an engine, in any order: what it has asked for comes about, or not, or late. What must hold at every
 * effect is checked by the {@link EngineRig}, what must hold after every event here.
 */
final class World {
    final EngineRig rig;
    final List<Parcel> parcels = new ArrayList<>();
    private final Queue<Parcel> takenBack = new ArrayDeque<>();
    private final Set<Integer> refused = new HashSet<>();
    private final Map<Long, Integer> lastFirstWrittenByLease = new HashMap<>();
    private final Map<Integer, Long> lastWrittenNanosByPort = new HashMap<>();
    private byte[] rest = {};

    World(EngineRig rig) {
        this.rig = rig;
        rig.inspector = this::inspect;
    }

    // ---- holders

    void demand() {
        rig.demand();
    }

    void rest() {
        rig.rest();
    }

    void close() {
        rig.close();
    }

    void resetBackoff() {
        rig.engine.resetBackoff(rig.now());
    }

    void send(int lease, Parcel.Plan plan, boolean mayWait, Duration deadline) {
        var parcel = rig.parcel(lease, plan, deadline);
        parcels.add(parcel);
        rig.engine.submit(parcel, mayWait, rig.now());
    }

    void leaseCloses(int lease) {
        rig.engine.leaseClosed(lease, rig.now());
    }

    void takeBack(int which) {
        if (!parcels.isEmpty() && pick(which).take()) {
            takenBack.add(pick(which));
        }
    }

    /** The loop hears of it later. */
    void tellOfOneTakenBack() {
        var parcel = takenBack.poll();
        if (parcel != null) {
            rig.engine.cancelled(parcel, rig.now());
        }
    }

    // ---- the wire

    void connectionComesAbout() {
        if (rig.wire == EngineRig.Wire.OPENING) {
            rest = new byte[0];
            rig.opened();
        }
    }

    void nameIsUnknown() {
        if (rig.wire == EngineRig.Wire.OPENING) {
            rig.unlocated();
        }
    }

    void deviceIsMissing() {
        if (rig.wire == EngineRig.Wire.OPENING) {
            rig.missing();
        }
    }

    void deviceComes() {
        rig.deviceCame();
    }

    void connectionEnds(Loss.Kind kind) {
        if (rig.wire != EngineRig.Wire.NONE) {
            rig.closed(kind);
        }
    }

    // ---- the node

    void nodeTells(int lastParts) {
        // A connection that came about too late to be wanted is never asked anything.
        if (rig.wire == EngineRig.Wire.OPEN && rig.written.stream().anyMatch(ToRadio::hasWantConfigId)) {
            var whole = ScriptedNode.handshake(rig.nonce(), EngineRig.FIRMWARE);
            whole.subList(Math.max(0, whole.size() - lastParts), whole.size())
                    .forEach(part -> bytes(ScriptedNode.frame(part)));
        }
    }

    void nodeAnswersForConfig() {
        nodeTells(Integer.MAX_VALUE);
    }

    void nodeRestarts() {
        bytes(ScriptedNode.frame(ScriptedNode.rebooted()));
    }

    void chipRestarts() {
        bytes("\r\nESP-ROM:esp32s3-20210327\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    void verdict(int which, int res) {
        int id = parcels.isEmpty() ? 0 : pick(which).wireId();
        if (res == 32) {
            refused.add(id);
        }
        bytes(ScriptedNode.frame(ScriptedNode.queueStatus(id, res)));
    }

    void receipt(int which, NodeId from, Routing.Error error) {
        if (!parcels.isEmpty()) {
            bytes(ScriptedNode.frame(ScriptedNode.routing(from, pick(which).wireId(), error)));
        }
    }

    void answer(int which) {
        if (!parcels.isEmpty()) {
            var parcel = pick(which);
            bytes(ScriptedNode.frame(ScriptedNode.answer(
                    parcel.to, parcel.port(), parcel.wireId(), com.google.protobuf.ByteString.EMPTY)));
        }
    }

    void text() {
        bytes(ScriptedNode.frame(ScriptedNode.text(ScriptedNode.PEER, "text")));
    }

    /** Whole frames, but for what a cut leaves for the next time. */
    private void bytes(byte[] more) {
        byte[] all = Arrays.copyOf(rest, rest.length + more.length);
        System.arraycopy(more, 0, all, rest.length, more.length);
        rest = new byte[0];
        noise(all);
    }

    void noise(byte[] bytes) {
        if (rig.wire == EngineRig.Wire.OPEN) {
            rig.say(bytes);
        }
    }

    void halfAFrame(int bytes) {
        byte[] whole = ScriptedNode.frame(ScriptedNode.text(ScriptedNode.PEER, "in two pieces"));
        if (rig.wire == EngineRig.Wire.OPEN && rest.length == 0) {
            noise(Arrays.copyOf(whole, bytes));
            rest = Arrays.copyOfRange(whole, bytes, whole.length);
        }
    }

    // ---- time

    void timePasses(long nanos) {
        rig.pass(Duration.ofNanos(nanos));
    }

    void theLoopIsHeldUp(long nanos) {
        rig.tick(nanos);
    }

    void theMachineSleeps(long nanos) {
        rig.suspend(Duration.ofNanos(nanos));
    }

    void theNextThingIsDue() {
        rig.tick(Math.max(0, rig.untilDue()));
    }

    // ---- what must hold

    void check() {
        assertThat(parcels).allSatisfy(World::hasOneEndAtMost);
        LinkState state = rig.state();
        switch (state) {
            case IDLE, BACKING_OFF, CLOSED -> assertThat(rig.wire).isEqualTo(EngineRig.Wire.NONE);
            case CONNECTING -> assertThat(rig.wire).isNotEqualTo(EngineRig.Wire.NONE);
            case HANDSHAKING, READY -> assertThat(rig.wire).isEqualTo(EngineRig.Wire.OPEN);
        }
        assertThat(rig.endings).isLessThanOrEqualTo(rig.statuses.size());
        assertThat(rig.untilDue()).isLessThanOrEqualTo(Duration.ofHours(1).toNanos());
    }

    private void inspect(MeshPacket packet) {
        Optional<Parcel> sent =
                parcels.stream().filter(each -> each.wireId() == packet.getId()).findFirst();
        if (rig.isConsole() && sent.isEmpty()) {
            assertThat(packet.getTo()).as("the link's own question").isEqualTo(ScriptedNode.OWN.number());
            return;
        }
        Parcel parcel = sent.orElseThrow();
        // A text that was accepted, and then refused after all.
        boolean isSecondThought = parcel.port() == Parcel.TEXT
                && parcel.stages().get(parcel.stages().size() - 1) == DeliveryStage.ACCEPTED;
        assertThat(parcel.ends == 0 || isSecondThought)
                .as("written after its end: %s", parcel)
                .isTrue();
        if (parcel.writings++ == 0) {
            assertThat(packet.getId()).isEqualTo(parcel.id());
            assertThat(lastFirstWrittenByLease.getOrDefault(parcel.lease(), 0))
                    .as("written out of its turn: %s", parcel)
                    .isLessThan(parcel.id());
            lastFirstWrittenByLease.put(parcel.lease(), parcel.id());
            Long before = lastWrittenNanosByPort.get(parcel.port());
            if (before != null) {
                assertThat(rig.now().nanos() - before)
                        .as("written too soon for its port: %s", parcel)
                        .isGreaterThanOrEqualTo(Pacing.intervalNanos(parcel.port()));
            }
        }
        if (parcel.wireIds.add(packet.getId()) && parcel.wireIds.size() > 1) {
            assertThat(refused)
                    .as("another id only after a refusal: %s", parcel)
                    .contains(parcel.lastWireId);
        }
        parcel.lastWireId = packet.getId();
        lastWrittenNanosByPort.put(parcel.port(), rig.now().nanos());
    }

    private static void hasOneEndAtMost(Parcel parcel) {
        assertThat(parcel.ends).as("ends of %s", parcel).isLessThanOrEqualTo(1);
        assertThat(parcel.composed).as("compositions of %s", parcel).isLessThanOrEqualTo(1);
        assertThat(parcel.acknowledgements).hasSizeLessThanOrEqualTo(1);
        assertThat(parcel.answers).hasSizeLessThanOrEqualTo(1);
        List<DeliveryStage> stages = parcel.stages();
        assertThat(stages).as("steps of %s", parcel).doesNotHaveDuplicates();
        int last = stages.size() - 1;
        for (int i = 0; i < last; i++) {
            boolean isLate = stages.get(last) == DeliveryStage.ACKNOWLEDGED && i == last - 1;
            assertThat(!stages.get(i).isEnd() || isLate)
                    .as("nothing but a late ack after the end: %s", parcel)
                    .isTrue();
        }
        if (parcel.ends == 0) {
            assertThat(stages).noneMatch(DeliveryStage::isEnd);
        }
    }

    /** Closes it, lets the wire end, and looks that nothing is left and nothing comes any more. */
    void finish() {
        rig.close();
        check();
        timePasses(Duration.ofSeconds(5).toNanos());
        if (rig.wire != EngineRig.Wire.NONE) {
            assertThat(rig.hangUps + rig.aborts).as("told the wire to end").isPositive();
            assertThat(rig.aborts).as("insisted").isPositive();
            rig.closed(Loss.Kind.CLOSED);
        }
        while (!takenBack.isEmpty()) {
            tellOfOneTakenBack();
        }
        check();
        assertThat(rig.state()).isEqualTo(LinkState.CLOSED);
        assertThat(parcels)
                .allSatisfy(parcel -> assertThat(parcel.ends).as("%s", parcel).isOne());

        int effects = rig.effects();
        rig.demand().rest().close();
        resetBackoff();
        leaseCloses(1);
        timePasses(Duration.ofHours(2).toNanos());
        assertThat(rig.effects()).as("silent after the end").isEqualTo(effects);
    }

    private Parcel pick(int which) {
        return parcels.get(which % parcels.size());
    }
}
