package dev.meshlease;

import java.time.Duration;
import java.util.Optional;

/**
 * How a link behaves. A complete value, never merged with another: derive from {@link LinkRegistry#defaults()} with
 * {@link #toBuilder()}.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class LinkOptions {
    private final Duration linger;
    private final Duration settleTimeout;
    private final boolean nodeDatabase;
    private final Duration keepNodeDatabase;
    private final ReconnectPolicy reconnect;
    private final int historyPackets;
    private final long historyBytes;
    private final Optional<Duration> maximumAge;
    private final boolean viaShare;

    LinkOptions(LinkOptionsBuilder builder) {
        this.linger = builder.linger;
        this.settleTimeout = builder.settleTimeout;
        this.nodeDatabase = builder.nodeDatabase;
        this.keepNodeDatabase = builder.keepNodeDatabase;
        this.reconnect = builder.reconnect;
        this.historyPackets = builder.historyPackets;
        this.historyBytes = builder.historyBytes;
        this.maximumAge = Optional.ofNullable(builder.maximumAge);
        this.viaShare = builder.viaShare;
    }

    /** A builder with the library's defaults. */
    public static LinkOptionsBuilder builder() {
        return new LinkOptionsBuilder();
    }

    /** A builder with these options. */
    public LinkOptionsBuilder toBuilder() {
        LinkOptionsBuilder builder = new LinkOptionsBuilder()
                .linger(linger)
                .settleTimeout(settleTimeout)
                .nodeDatabase(nodeDatabase)
                .keepNodeDatabase(keepNodeDatabase)
                .reconnect(reconnect)
                .history(historyPackets, historyBytes)
                .viaShare(viaShare);
        maximumAge.ifPresent(builder::maximumAge);
        return builder;
    }

    /** How long the connection stays after the last lease is gone. */
    public Duration linger() {
        return linger;
    }

    /** How long {@code open} and {@code acquire} wait for the name and the claim. */
    public Duration settleTimeout() {
        return settleTimeout;
    }

    /** Whether the handshake includes all the nodes that the node knows. */
    public boolean nodeDatabase() {
        return nodeDatabase;
    }

    /** How old the nodes known from an earlier handshake may be for a later one to leave them out. */
    public Duration keepNodeDatabase() {
        return keepNodeDatabase;
    }

    /** How long it waits between attempts to connect. */
    public ReconnectPolicy reconnect() {
        return reconnect;
    }

    /** How many of the last packets are kept at the most. */
    public int historyPackets() {
        return historyPackets;
    }

    /** How many bytes those may have together. */
    public long historyBytes() {
        return historyBytes;
    }

    /** How old a connection may become; empty for as old as it likes. */
    public Optional<Duration> maximumAge() {
        return maximumAge;
    }

    /** Whether the endpoint is a share of a node rather than the node itself. */
    public boolean viaShare() {
        return viaShare;
    }

    @Override
    public String toString() {
        return "LinkOptions[linger " + linger + ", settle timeout " + settleTimeout + ", node database " + nodeDatabase
                + (keepNodeDatabase.isZero() ? "" : ", kept for " + keepNodeDatabase)
                + ", " + reconnect + ", history of " + historyPackets + " packets and " + historyBytes + " bytes"
                + maximumAge.map(age -> ", maximum age " + age).orElse("") + (viaShare ? ", via a share" : "") + "]";
    }
}
