package dev.meshlease.message;

import dev.meshlease.proto.PortNum;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which packets a holder wants to see.
 *
 * <p>Filters are judged before a packet is queued, on the library's own thread; only the user's own conditions ({@link #where}) are
 * judged later, on the holder's side, since user code never runs on that thread.
 *
 * <p><b>Threading:</b> immutable; conditions given to {@link #where} must be safe to call from the holder's threads.
 */
public final class PacketFilter implements Feed {
    private static final PacketFilter ALL = known(PacketFilter::always);

    // Three judgements of one filter. A where() inside is unknown before queueing, so it is "possible" and not
    // "certain"; negation swaps
    // the two, which is why one of them alone would not do.
    private final Predicate<InboundPacket> exact;
    private final Predicate<InboundPacket> possible;
    private final Predicate<InboundPacket> certain;
    private final boolean hasCondition;

    private PacketFilter(
            Predicate<InboundPacket> exact,
            Predicate<InboundPacket> possible,
            Predicate<InboundPacket> certain,
            boolean hasCondition) {
        this.hasCondition = hasCondition;
        this.exact = exact;
        this.possible = possible;
        this.certain = certain;
    }

    /** Every packet. */
    public static PacketFilter all() {
        return ALL;
    }

    /** Text messages. (Plural: importing {@link OutboundMessage#text} would hide a {@code text()}.) */
    public static PacketFilter texts() {
        return port(PortNum.TEXT_MESSAGE_APP_VALUE);
    }

    /** Packets on this port. */
    public static PacketFilter port(int port) {
        return known(packet -> packet.port() == port);
    }

    /** Packets from this node. */
    public static PacketFilter from(NodeId sender) {
        int number = sender.number();
        return known(packet -> packet.wire().from() == number);
    }

    /** Packets addressed to this node, or to {@link NodeId#BROADCAST}. */
    public static PacketFilter to(NodeId destination) {
        int number = destination.number();
        return known(packet -> packet.wire().to() == number);
    }

    /** Packets addressed to one node. */
    public static PacketFilter direct() {
        return known(InboundPacket::isDirect);
    }

    /** Packets addressed to everybody. */
    public static PacketFilter broadcast() {
        return direct().not();
    }

    /** Packets on the channel with this index. */
    public static PacketFilter channel(int index) {
        return known(packet -> packet.channel() == index);
    }

    /** Packets that quote this packet ({@code reply_id}). */
    public static PacketFilter replyTo(int packetId) {
        return known(packet -> packet.wire().replyId() == packetId);
    }

    /**
     * Packets that fulfil a condition of the user's. Judged after queueing: packets that it refuses take room in the inbox.
     *
     * @param condition if it throws, the packet counts as refused, and that is logged
     */
    public static PacketFilter where(Predicate<? super InboundPacket> condition) {
        Objects.requireNonNull(condition, "condition");
        return new PacketFilter(condition::test, PacketFilter::always, PacketFilter::never, true);
    }

    /** Both. */
    public PacketFilter and(PacketFilter other) {
        return new PacketFilter(
                exact.and(other.exact),
                possible.and(other.possible),
                certain.and(other.certain),
                hasCondition || other.hasCondition);
    }

    /** Either, or both. */
    public PacketFilter or(PacketFilter other) {
        return new PacketFilter(
                exact.or(other.exact),
                possible.or(other.possible),
                certain.or(other.certain),
                hasCondition || other.hasCondition);
    }

    /** The opposite. */
    public PacketFilter not() {
        return new PacketFilter(exact.negate(), certain.negate(), possible.negate(), hasCondition);
    }

    /** Whether there is a condition of the user's in it: {@link #mayMatch} alone does not tell whether a packet passes. */
    public boolean hasCondition() {
        return hasCondition;
    }

    /** Whether the packet passes, the user's conditions included. */
    public boolean matches(InboundPacket packet) {
        return exact.test(packet);
    }

    /** Whether the packet may pass, as far as can be known without the user's conditions. */
    public boolean mayMatch(InboundPacket packet) {
        return possible.test(packet);
    }

    @Override
    public PacketFilter filter() {
        return this;
    }

    private static boolean always(InboundPacket packet) {
        return true;
    }

    private static boolean never(InboundPacket packet) {
        return false;
    }

    private static PacketFilter known(Predicate<InboundPacket> rule) {
        return new PacketFilter(rule, rule, rule, false);
    }
}
