package dev.meshlease.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.MeshPacket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboxQueueTest {
    private long position;

    /**
     * Random puts and takes against the plain rule: what comes out is a part of what went in, in order; each gap stands where packets are
     * missing, and counts them exactly.
     */
    @Property(tries = 500)
    void nothing_is_lost_without_being_counted_at_its_place(
            @ForAll @IntRange(min = 1, max = 5) int capacity,
            @ForAll Overflow overflow,
            @ForAll @Size(max = 60) List<@IntRange(min = -2, max = 3) Integer> steps) {
        if (overflow == Overflow.FAIL_LEASE) {
            return; // Has a test of its own.
        }
        position = 0;
        InboxQueue queue = new InboxQueue(capacity, overflow);
        List<Arrival> out = new ArrayList<>();
        for (int step : steps) {
            if (step >= 0) {
                assertThat(put(queue, packet(step))).isTrue();
            } else {
                Arrival next = take(queue);
                if (next != null) {
                    out.add(next);
                }
            }
            assertThat(queue.size()).isLessThanOrEqualTo(capacity);
            assertThat(queue.cursor().position())
                    .as("nothing that is still to be told is behind the cursor")
                    .isEqualTo(queue.isEmpty() ? position : lastPlace(out));
        }
        long unread = queue.size();
        for (Arrival next = take(queue); next != null; next = take(queue)) {
            out.add(next);
        }

        long delivered = out.stream().filter(InboundPacket.class::isInstance).count();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.delivered()).isEqualTo(delivered);
        assertThat(delivered + queue.dropped()).isEqualTo(position);
        assertThat(unread).isLessThanOrEqualTo(delivered);
        long place = 0;
        for (Arrival arrival : out) {
            if (arrival instanceof Gap gap) {
                assertThat(gap.reason()).isEqualTo(Gap.Reason.INBOX_FULL);
                place += gap.missed().orElseThrow();
            } else {
                place++;
                assertThat(arrival.cursor().position()).isEqualTo(place);
            }
        }
        assertThat(place).isEqualTo(position);
    }

    /** The same, given from the hand as a listener is, in which several are taken out at once; and closed in the middle. */
    @Property(tries = 500)
    void what_was_given_from_the_hand_is_known_exactly_at_the_close(
            @ForAll @IntRange(min = 1, max = 40) int capacity,
            @ForAll Overflow overflow,
            @ForAll @Size(max = 150) List<@IntRange(min = -4, max = 3) Integer> steps) {
        if (overflow == Overflow.FAIL_LEASE) {
            return;
        }
        position = 0;
        InboxQueue queue = new InboxQueue(capacity, overflow);
        queue.begin(new Cursor(1, 0));
        List<Arrival> out = new ArrayList<>();
        for (int step : steps) {
            if (step == 0) {
                queue.linkWentDown(new Cursor(1, position));
            } else if (step > 0) {
                put(queue, packet(step));
            } else {
                give(queue, out);
            }
            assertThat(queue.delivered() + queue.size() + queue.dropped()).isEqualTo(position);
            assertThat(queue.size()).isLessThanOrEqualTo(capacity + 1);
        }
        long places = queue.cursor().position();
        boolean isAllGiven = queue.isEmpty() && queue.size() == 0;
        queue.hand().close();

        assertThat(give(queue, out)).as("given after the close").isFalse();
        assertThat(queue.cursor().position()).isEqualTo(places);
        assertThat(places).isEqualTo(isAllGiven ? position : lastPlace(out));
        long missed = out.stream()
                .filter(Gap.class::isInstance)
                .mapToLong(gap -> ((Gap) gap).missed().orElse(0))
                .sum();
        assertThat(queue.delivered() + missed)
                .as("all up to there is given, or told as missing")
                .isEqualTo(lastPlace(out));
    }

    private static boolean give(InboxQueue queue, List<Arrival> out) {
        if (queue.hand().next() == null) {
            queue.take(Long.MAX_VALUE);
        }
        Arrival next = queue.hand().next();
        if (next != null && queue.hand().start()) {
            out.add(next);
            return true;
        }
        return false;
    }

    @Test
    void of_each_sender_only_the_latest_is_kept_and_the_others_are_counted() {
        InboxQueue queue = new InboxQueue(10, Overflow.LATEST_PER_SENDER);
        for (int sender : new int[] {1, 2, 1, 3, 1}) {
            put(queue, packet(sender));
        }

        assertThat(drain(queue)).containsExactly("missed 1", "packet 2", "missed 1", "packet 4", "packet 5");
    }

    @Test
    void a_link_loss_stands_between_the_packets_before_and_after_it() {
        InboxQueue queue = new InboxQueue(10, Overflow.DROP_OLDEST);
        put(queue, packet(1));
        queue.linkWentDown(new Cursor(1, position));
        queue.linkWentDown(new Cursor(1, position));
        put(queue, packet(1));
        queue.linkWentDown(new Cursor(1, position));

        assertThat(drain(queue)).containsExactly("packet 1", "link down", "packet 2", "link down");
    }

    @Test
    void a_link_loss_is_not_forgotten_when_the_packets_around_it_are_dropped() {
        InboxQueue queue = new InboxQueue(1, Overflow.DROP_OLDEST);
        put(queue, packet(1));
        queue.linkWentDown(new Cursor(1, position));
        put(queue, packet(1));
        put(queue, packet(1));

        assertThat(drain(queue)).containsExactly("link down", "missed 2", "packet 3");
    }

    @Test
    void the_policy_to_fail_takes_what_fits_and_refuses_the_rest() {
        InboxQueue queue = new InboxQueue(1, Overflow.FAIL_LEASE);

        assertThat(put(queue, packet(1))).isTrue();
        assertThat(put(queue, packet(1))).isFalse();
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void losing_all_leaves_one_gap_with_the_whole_number() {
        InboxQueue queue = new InboxQueue(10, Overflow.DROP_OLDEST);
        for (int i = 0; i < 4; i++) {
            put(queue, packet(1));
        }
        queue.loseAll();

        assertThat(drain(queue)).containsExactly("missed 4");
    }

    @Test
    void what_is_put_together_is_kept_as_if_put_one_by_one() {
        InboxQueue queue = new InboxQueue(2, Overflow.DROP_OLDEST);
        InboundPacket[] packets = {packet(1), packet(1), packet(1)};

        assertThat(queue.offer(packets, 3, 7)).isTrue();

        assertThat(drain(queue)).containsExactly("missed 1", "packet 2", "packet 3");
        assertThat(queue.cursor().position()).isEqualTo(7);
    }

    @Test
    void what_came_before_the_stream_began_is_not_in_it_though_it_is_handed_out_later() {
        InboxQueue queue = new InboxQueue(10, Overflow.DROP_OLDEST);
        InboundPacket[] packets = {packet(1), packet(1), packet(1)};
        queue.begin(new Cursor(1, 2));

        assertThat(queue.offer(packets, 3, 3)).isTrue();

        assertThat(queue.cursor().position()).isEqualTo(2);
        assertThat(drain(queue)).containsExactly("packet 3");
    }

    private static boolean put(InboxQueue queue, InboundPacket packet) {
        return queue.offer(new InboundPacket[] {packet}, 1, packet.cursor().position());
    }

    private static long lastPlace(List<Arrival> out) {
        return out.stream().mapToLong(each -> each.cursor().position()).max().orElse(0);
    }

    /** What is next, given to the holder at once. */
    private static @Nullable Arrival take(InboxQueue queue) {
        return queue.poll();
    }

    private InboundPacket packet(int sender) {
        position++;
        return new InboundPacket(
                MeshPacket.newBuilder().setFrom(sender).build(),
                new Reception(new Cursor(1, position), 1, Instant.EPOCH));
    }

    private static List<String> drain(InboxQueue queue) {
        List<String> all = new ArrayList<>();
        for (Arrival next = take(queue); next != null; next = take(queue)) {
            if (next instanceof Gap gap) {
                all.add(
                        gap.reason() == Gap.Reason.LINK_DOWN
                                ? "link down"
                                : "missed " + gap.missed().orElseThrow());
            } else {
                all.add("packet " + next.cursor().position());
            }
        }
        return all;
    }
}
