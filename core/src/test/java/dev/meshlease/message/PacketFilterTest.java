package dev.meshlease.message;

import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.broadcast;
import static dev.meshlease.message.PacketFilter.channel;
import static dev.meshlease.message.PacketFilter.direct;
import static dev.meshlease.message.PacketFilter.from;
import static dev.meshlease.message.PacketFilter.port;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.to;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private static final NodeId A = new NodeId(0xA);
    private static final NodeId B = new NodeId(0xB);
    private static final InboundPacket TEXT_TO_ALL = packet(A, NodeId.BROADCAST, 0, PortNum.TEXT_MESSAGE_APP_VALUE);
    private static final InboundPacket POSITION_TO_B = packet(A, B, 1, PortNum.POSITION_APP_VALUE);

    /** A filter with the plain predicate that says what it means. */
    record Case(PacketFilter filter, Predicate<InboundPacket> meaning) {}

    @Test
    void each_filter_takes_what_it_names() {
        assertThat(matching(all())).containsExactly(TEXT_TO_ALL, POSITION_TO_B);
        assertThat(matching(texts())).containsExactly(TEXT_TO_ALL);
        assertThat(matching(port(PortNum.POSITION_APP_VALUE))).containsExactly(POSITION_TO_B);
        assertThat(matching(from(B))).isEmpty();
        assertThat(matching(to(B))).containsExactly(POSITION_TO_B);
        assertThat(matching(direct())).containsExactly(POSITION_TO_B);
        assertThat(matching(broadcast())).containsExactly(TEXT_TO_ALL);
        assertThat(matching(channel(1))).containsExactly(POSITION_TO_B);
        assertThat(matching(texts().not())).containsExactly(POSITION_TO_B);
    }

    @Property(tries = 500)
    void what_matches_may_match_and_the_user_is_never_asked_before_queueing(@ForAll("cases") Case one) {
        for (InboundPacket packet : List.of(TEXT_TO_ALL, POSITION_TO_B)) {
            assertThat(one.filter.matches(packet)).isEqualTo(one.meaning.test(packet));
            if (one.filter.matches(packet)) {
                assertThat(one.filter.mayMatch(packet)).isTrue();
            }
        }
    }

    @Test
    void a_condition_of_the_users_is_not_run_by_may_match_however_it_is_wrapped() {
        PacketFilter forbidden = where(packet -> {
            throw new AssertionError("user code was run before queueing");
        });

        assertThat(forbidden.mayMatch(TEXT_TO_ALL)).isTrue();
        assertThat(forbidden.not().mayMatch(TEXT_TO_ALL)).isTrue();
        assertThat(texts().and(forbidden).mayMatch(POSITION_TO_B)).isFalse();
        assertThat(texts().not().or(forbidden).not().mayMatch(TEXT_TO_ALL)).isTrue();
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Case> leaves = Arbitraries.of(
                new Case(texts(), packet -> packet == TEXT_TO_ALL),
                new Case(direct(), packet -> packet == POSITION_TO_B),
                new Case(all(), packet -> true),
                new Case(where(packet -> packet.channel() == 1), packet -> packet == POSITION_TO_B),
                new Case(where(packet -> true), packet -> true));
        return Arbitraries.recursive(
                () -> leaves,
                inner -> inner.tuple2()
                        .flatMap(pair -> Arbitraries.of(
                                new Case(
                                        pair.get1().filter.and(pair.get2().filter),
                                        pair.get1().meaning.and(pair.get2().meaning)),
                                new Case(
                                        pair.get1().filter.or(pair.get2().filter),
                                        pair.get1().meaning.or(pair.get2().meaning)),
                                new Case(
                                        pair.get1().filter.not(),
                                        pair.get1().meaning.negate()))),
                0,
                4);
    }

    private static List<InboundPacket> matching(PacketFilter filter) {
        return List.of(TEXT_TO_ALL, POSITION_TO_B).stream()
                .filter(filter::matches)
                .toList();
    }

    private static InboundPacket packet(NodeId from, NodeId to, int channel, int port) {
        return new InboundPacket(
                MeshPacket.newBuilder()
                        .setFrom(from.number())
                        .setTo(to.number())
                        .setChannel(channel)
                        .setDecoded(Data.newBuilder().setPortnumValue(port))
                        .build(),
                new Reception(new Cursor(1, 1), 1, Instant.EPOCH));
    }
}
