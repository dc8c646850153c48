package dev.meshlease.internal.link;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.MyNodeInfo;

/** What a node tells of its hardware. */
public final class DeviceId {
    private DeviceId() {}

    /** Its device id; empty if it tells none, or nothing but zeros, as a build does that cannot read it. */
    public static ByteString of(MyNodeInfo told) {
        ByteString id = told.getDeviceId();
        for (int i = 0; i < id.size(); i++) {
            if (id.byteAt(i) != 0) {
                return id;
            }
        }
        return ByteString.EMPTY;
    }
}
