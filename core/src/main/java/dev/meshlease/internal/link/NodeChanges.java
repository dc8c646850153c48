package dev.meshlease.internal.link;

import com.google.protobuf.ByteString;
import dev.meshlease.NodeChange;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MyNodeInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node that answers is the one that answered before.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class NodeChanges {
    private @Nullable MyNodeInfo before;
    private @Nullable NodeChange last;

    /** A node has told who it is, in a handshake that is complete. */
    void told(MyNodeInfo told, Moment now) {
        MyNodeInfo former = before;
        before = told;
        if (former != null) {
            kind(former, told)
                    .ifPresent(kind -> last = new NodeChange(
                            kind, new NodeId(former.getMyNodeNum()), new NodeId(told.getMyNodeNum()), now.wall()));
        }
    }

    private static Optional<NodeChange.Kind> kind(MyNodeInfo former, MyNodeInfo told) {
        boolean isSameNumber = former.getMyNodeNum() == told.getMyNodeNum();
        ByteString one = DeviceId.of(former);
        ByteString other = DeviceId.of(told);
        if (one.isEmpty() || other.isEmpty()) {
            return isSameNumber ? Optional.empty() : Optional.of(NodeChange.Kind.UNKNOWN);
        }
        if (!one.equals(other)) {
            return Optional.of(NodeChange.Kind.REPLACED);
        }
        return isSameNumber ? Optional.empty() : Optional.of(NodeChange.Kind.RENUMBERED);
    }

    Optional<NodeChange> last() {
        return Optional.ofNullable(last);
    }
}
