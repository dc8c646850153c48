package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Receiver;
import org.jspecify.annotations.Nullable;

/** One direction of a connection: frames are found, judged, and sent on their way. On the node's thread. */
final class Passage implements FrameCutter.Sink {
    private final Receiver to;
    private final Lane lane;
    private final Judge judge;
    private final FrameCutter cutter = new FrameCutter(this);
    private int silences;

    interface Judge {
        /** Whether anybody cares for frames. */
        boolean isWatching();

        /** Does to a frame what is to be done to it; null if it does not pass at all. */
        @Nullable
        Parcel judge(Receiver to, byte[] frame);
    }

    Passage(Receiver to, Lane lane, Judge judge) {
        this.to = to;
        this.lane = lane;
        this.judge = judge;
    }

    Lane lane() {
        return lane;
    }

    /** Whether bytes may as well pass it by, if it is told of them. */
    boolean isOpen() {
        return !judge.isWatching() && silences == 0 && lane.isFree();
    }

    void follow(byte[] bytes, int offset, int length) {
        cutter.follow(bytes, offset, length);
    }

    void take(byte[] bytes, int offset, int length) {
        cutter.cut(bytes, offset, length);
        if (!judge.isWatching()) {
            cutter.release();
        }
    }

    /** Keeps nothing back: nobody cares for frames any more, or there is no more to come. */
    void release() {
        cutter.release();
    }

    /** Loses what comes, or goes on; each silence must be lifted. */
    void silence(boolean silent) {
        silences += silent ? 1 : -1;
    }

    @Override
    public void frame(byte[] bytes) {
        if (silences == 0) {
            Parcel parcel = judge.judge(to, bytes);
            if (parcel != null && silences == 0) {
                parcel.goInto(lane);
            }
        }
    }

    @Override
    public void loose(byte[] bytes) {
        if (silences == 0) {
            lane.put(bytes, 0);
        }
    }
}
