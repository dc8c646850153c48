package dev.meshlease;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.NodeInfo;
import java.util.Objects;

/**
 * Something other than packets that a holder can watch. A new thing to watch is a factory here, never a verb on {@link Lease}.
 *
 * @param <T> what the listener is given
 */
public final class Watch<T> {
    private static final Watch<LinkStatus> STATUS = new Watch<>(LinkStatus.class, "status");
    private static final Watch<FromRadio> MESSAGES = new Watch<>(FromRadio.class, "messages");
    private static final Watch<NodeInfo> NODES = new Watch<>(NodeInfo.class, "nodes");
    private static final Watch<LogRecord> DEVICE_LOG = new Watch<>(LogRecord.class, "device log");
    private static final Watch<DeliveryEvent> DELIVERIES = new Watch<>(DeliveryEvent.class, "deliveries");

    private final Class<T> type;
    private final String name;

    private Watch(Class<T> type, String name) {
        this.type = Objects.requireNonNull(type);
        this.name = name;
    }

    /**
     * The link's status: the current one first, then each transition, in order, none skipped; the last is CLOSED, even though the link's end
     * has closed the lease before. A listener that falls 1,024 behind loses the oldest, and that is logged.
     */
    public static Watch<LinkStatus> status() {
        return STATUS;
    }

    /**
     * All that the node says after the handshake, as it came: for what is no packet (notifications, file info, log records). A listener
     * that falls 1,024 messages behind loses the oldest, and that is logged.
     */
    public static Watch<FromRadio> messages() {
        return MESSAGES;
    }

    /**
     * The nodes of the mesh: first all that are known at the moment, then each one that is known better, as it is then, in order: with each
     * packet that was heard from it, which may change no more than when that was, and after a handshake if the node told it differently. See
     * {@link NodeSnapshot#nodes}. A listener that falls 1,024 behind loses the oldest, and that is logged.
     */
    public static Watch<NodeInfo> nodes() {
        return NODES;
    }

    /**
     * What the node logs, over a serial port; over TCP nodes tell nothing of it. If {@code security.debug_log_api_enabled} has it do so, as
     * records; else what it prints between its messages, a line at a time, from the start of the connection on: level and source where the
     * line has them as the firmware writes them, a time never, and what the chip's boot loader prints as it is. Longer lines come in pieces of
     * 384 bytes. A listener that falls 1,024 records behind loses the oldest, and that is logged.
     */
    public static Watch<LogRecord> deviceLog() {
        return DEVICE_LOG;
    }

    /**
     * Each step of what this lease sends, requests aside, from now on; so also an ack that comes after the end of its delivery, for up to 5
     * minutes after the deadline. A listener that falls 1,024 steps behind loses the oldest, and that is logged.
     */
    public static Watch<DeliveryEvent> deliveries() {
        return DELIVERIES;
    }

    /** The type of what is watched. */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
