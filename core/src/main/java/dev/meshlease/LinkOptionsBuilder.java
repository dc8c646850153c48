package dev.meshlease;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds {@link LinkOptions}. Values are checked where they are set, and never corrected. Not thread-safe. */
public final class LinkOptionsBuilder {
    private static final int MAX_HISTORY = 1_000_000;

    Duration linger = Duration.ofSeconds(5);
    Duration settleTimeout = Duration.ofSeconds(5);
    boolean nodeDatabase = true;
    Duration keepNodeDatabase = Duration.ZERO;
    ReconnectPolicy reconnect = ReconnectPolicy.DEFAULT;
    int historyPackets = 1_000;
    long historyBytes = 1_048_576;

    @Nullable
    Duration maximumAge;

    boolean viaShare;

    LinkOptionsBuilder() {}

    /**
     * How long the connection stays after the last lease is gone, so that a holder who comes back soon finds it. Default 5 s.
     *
     * @param afterLastLease zero or more
     */
    public LinkOptionsBuilder linger(Duration afterLastLease) {
        if (afterLastLease.isNegative()) {
            throw new IllegalArgumentException("linger must not be negative, but is " + afterLastLease);
        }
        this.linger = afterLastLease;
        return this;
    }

    /**
     * How long {@code open} and {@code acquire} wait for the name to be resolved and the claim to be granted. Default 5 s.
     *
     * @param limit positive
     */
    public LinkOptionsBuilder settleTimeout(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("settleTimeout must be positive, but is " + limit);
        }
        this.settleTimeout = limit;
        return this;
    }

    /**
     * Whether the handshake includes all the nodes that the node knows (up to some hundreds), or only its own configuration. Default
     * true.
     */
    public LinkOptionsBuilder nodeDatabase(boolean wanted) {
        this.nodeDatabase = wanted;
        return this;
    }

    /**
     * Lets a reconnect ask for the node's own configuration only, and keep the nodes that an earlier handshake told, as long as they are no
     * older than this. A node with hundreds of others takes seconds to tell them, and each flap of the link costs as much. {@link
     * NodeSnapshot#nodesTakenAt} says how old they are. If another node answers, all is asked for. Default zero: every handshake is full.
     *
     * @param age zero or more
     */
    public LinkOptionsBuilder keepNodeDatabase(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("keepNodeDatabase must not be negative, but is " + age);
        }
        this.keepNodeDatabase = age;
        return this;
    }

    /**
     * How many of the last packets the link keeps, for feeds that go on {@linkplain dev.meshlease.message.Feed#after after} a place of the
     * past. Whichever limit is reached first counts; memory is taken as packets come. Default 1,000 packets and 1,048,576 bytes. It ends
     * with the link: for one that was acquired, {@linkplain #linger a while} after the last lease.
     *
     * @param packets 0 (none is kept) to 1,000,000
     * @param bytes of the packets as they are on the wire; zero or more
     */
    public LinkOptionsBuilder history(int packets, long bytes) {
        if (packets < 0 || packets > MAX_HISTORY || bytes < 0) {
            throw new IllegalArgumentException("A history has 0 to " + MAX_HISTORY
                    + " packets and zero or more bytes, not " + packets + " packets and " + bytes + " bytes");
        }
        this.historyPackets = packets;
        this.historyBytes = bytes;
        return this;
    }

    /** How long it waits between attempts to connect. Default {@link ReconnectPolicy#DEFAULT}. */
    public LinkOptionsBuilder reconnect(ReconnectPolicy policy) {
        this.reconnect = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * How old a connection may become before it is ended in order and replaced at once, for networks that lose old ones in silence. By
     * default connections live as long as they can.
     *
     * @param age a minute or more
     */
    public LinkOptionsBuilder maximumAge(Duration age) {
        if (age.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "maximumAge must be a minute or more, but is " + age + ": each new connection costs a handshake");
        }
        this.maximumAge = age;
        return this;
    }

    /**
     * Says that the endpoint is a share of a node, such as a proxy, which serves many clients with one connection of its own. Then the link
     * may lead to a node that another link has, losing it speaks for no rival, and others who are connected there are not looked for. Default false: a node that another link of this program
     * has under another name is refused, with a {@link DuplicateLinkException}.
     */
    public LinkOptionsBuilder viaShare(boolean isShare) {
        this.viaShare = isShare;
        return this;
    }

    /** The options. */
    public LinkOptions build() {
        return new LinkOptions(this);
    }
}
