package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits in the node for a client, whichever comes next: the queues belong to the node, not to a session, and outlive it. On the
 * node's thread.
 */
public final class PhoneQueues {
    private static final int NOTIFICATIONS = 2;

    private final Deque<QueueStatus> statuses = new ArrayDeque<>();
    private final Deque<ClientNotification> notifications = new ArrayDeque<>();
    private final Deque<MeshPacket> packets = new ArrayDeque<>();
    private final int capacity;
    private final int statusCapacity;
    private final Counters counters;
    private boolean toldOfNoRoom;

    PhoneQueues(Behaviour behaviour, Counters counters) {
        capacity = behaviour.get(Switch.PHONE_QUEUE);
        statusCapacity = behaviour.get(Switch.STATUS_QUEUE);
        this.counters = counters;
    }

    void status(QueueStatus status) {
        if (statuses.size() == statusCapacity) {
            statuses.removeFirst();
            counters.queueStatuses++;
        }
        statuses.addLast(status);
        toldOfNoRoom = status.getFree() == 0;
    }

    /** Whether the last status said that nothing more can be sent. */
    boolean wasToldOfNoRoom() {
        return toldOfNoRoom;
    }

    void notification(ClientNotification notification) {
        if (notifications.size() == NOTIFICATIONS) {
            notifications.removeFirst();
        }
        notifications.addLast(notification);
    }

    /** Full: a text pushes out the oldest packet, whatever that is; anything else is dropped itself. */
    void packet(MeshPacket packet) {
        if (packets.size() == capacity) {
            counters.phoneQueue++;
            if (!isText(packet)) {
                return;
            }
            packets.removeFirst();
        }
        packets.addLast(packet);
    }

    private static boolean isText(MeshPacket packet) {
        int port = packet.getDecoded().getPortnumValue();
        return packet.hasDecoded() && (port == PortNum.TEXT_MESSAGE_APP_VALUE || port == PortNum.RANGE_TEST_APP_VALUE);
    }

    boolean isEmpty() {
        return statuses.isEmpty() && notifications.isEmpty() && packets.isEmpty();
    }

    /** The next message in the node's order of urgency. */
    @Nullable
    FromRadio poll() {
        QueueStatus status = statuses.pollFirst();
        if (status != null) {
            return FromRadio.newBuilder().setQueueStatus(status).build();
        }
        ClientNotification notification = notifications.pollFirst();
        if (notification != null) {
            return FromRadio.newBuilder().setClientNotification(notification).build();
        }
        MeshPacket packet = packets.pollFirst();
        return packet == null ? null : FromRadio.newBuilder().setPacket(packet).build();
    }
}
