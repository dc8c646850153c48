package dev.meshlease.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private long position;

    /** Against the whole stream: what is kept comes in order, and before it the exact number of what is not. */
    @Property
    void tells_the_rest_of_the_stream_or_how_much_of_it_is_gone(
            @ForAll @IntRange(min = 0, max = 40) int mostPackets,
            @ForAll @IntRange(min = 0, max = 400) int mostBytes,
            @ForAll @Size(max = 80) List<@IntRange(min = -1, max = 30) Integer> steps,
            @ForAll @IntRange(min = 0, max = 80) int after) {
        position = 0;
        History history = new History(1, mostPackets, mostBytes);
        List<Long> losses = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int step : steps) {
            if (step < 0) {
                history.wentDown();
                losses.add(position);
            } else {
                InboundPacket packet = packet(step);
                sizes.add(packet.proto().getSerializedSize());
                history.append(packet, Batch.NODE);
            }
        }
        long from = Math.min(after, position);

        long place = from;
        List<Long> told = new ArrayList<>();
        for (Arrival next : rest(history, from)) {
            if (next instanceof Gap gap && gap.reason() == Gap.Reason.HISTORY_EXPIRED) {
                assertThat(place).as("only once, at first").isEqualTo(from);
                place += gap.missed().orElseThrow();
                assertThat(gap.cursor().position()).isEqualTo(place);
            } else if (next instanceof Gap gap) {
                assertThat(gap.cursor().position()).isEqualTo(place);
                told.add(place);
            } else {
                place++;
                assertThat(next.cursor().position()).isEqualTo(place);
            }
        }
        assertThat(place).isEqualTo(position);
        assertThat(told).doesNotHaveDuplicates();
        assertThat(losses)
                .allSatisfy(loss -> assertThat(loss < from || told.stream().anyMatch(at -> at >= loss))
                        .isTrue());

        long kept = position - oldestKept(sizes, mostPackets, mostBytes);
        assertThat(rest(history, from).stream().filter(InboundPacket.class::isInstance))
                .hasSize((int) Math.min(kept, position - from));
    }

    /** Of packets that are wanted or not: between two that are told stands a loss exactly where there was one, wherever in between. */
    @Property
    void a_loss_is_told_whatever_the_packets_beside_it(
            @ForAll @Size(max = 40) List<@IntRange(min = -1, max = 1) Integer> steps) {
        position = 0;
        History history = new History(1, 100, 100_000);
        List<String> expected = new ArrayList<>();
        for (int step : steps) {
            boolean isLossTold =
                    !expected.isEmpty() && expected.get(expected.size() - 1).equals("loss");
            if (step >= 0) {
                history.append(packet(step), Batch.NODE);
                if (step > 0) {
                    expected.add("packet " + position);
                }
            } else {
                history.wentDown();
                if (!isLossTold) {
                    expected.add("loss");
                }
            }
        }

        Replay replay = new Replay(
                (packet, sender) -> packet.proto().getDecoded().getPayload().size() > 0, new Cursor(1, 0));
        List<String> told = new ArrayList<>();
        for (Arrival next = history.next(replay); next != null; next = history.next(replay)) {
            boolean isAnotherLoss = next instanceof Gap
                    && !told.isEmpty()
                    && told.get(told.size() - 1).equals("loss");
            if (!isAnotherLoss) { // Two may stand side by side, with only unwanted packets in between.
                told.add(
                        next instanceof Gap ? "loss" : "packet " + next.cursor().position());
            }
        }
        assertThat(told).isEqualTo(expected);
    }

    /** How many packets do not fit, from the newest back. */
    private static long oldestKept(List<Integer> sizes, int mostPackets, int mostBytes) {
        int bytes = 0;
        int kept = 0;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            bytes += sizes.get(i);
            if (kept == mostPackets || bytes > mostBytes) {
                return i + 1L;
            }
            kept++;
        }
        return 0;
    }

    @Test
    void a_place_of_another_link_or_of_the_future_is_refused() {
        History history = new History(3, 10, 1000);
        history.append(packet(1), Batch.NODE);

        assertThatThrownBy(() -> history.requireKnown(new Cursor(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another link");
        assertThatThrownBy(() -> history.requireKnown(new Cursor(3, 2))).isInstanceOf(IllegalArgumentException.class);
        history.requireKnown(new Cursor(3, 1));
    }

    private List<Arrival> rest(History history, long from) {
        List<Arrival> rest = new ArrayList<>();
        Replay replay = new Replay((packet, sender) -> true, new Cursor(1, from));
        for (Arrival next = history.next(replay); next != null; next = history.next(replay)) {
            rest.add(next);
        }
        assertThat(replay.isOver()).isTrue();
        assertThat(replay.liveAfter()).isEqualTo(position);
        return rest;
    }

    private InboundPacket packet(int bytes) {
        position++;
        return new InboundPacket(
                MeshPacket.newBuilder()
                        .setDecoded(Data.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes])))
                        .build(),
                new Reception(new Cursor(1, position), 1, Instant.EPOCH));
    }
}
