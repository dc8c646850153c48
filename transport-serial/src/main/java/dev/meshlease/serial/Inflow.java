package dev.meshlease.serial;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from a port's reader to the loop, bounded: a reader that is too far ahead waits.
 *
 * <p><b>Threading:</b> one thread puts, the loop takes, any may end it.
 */
final class Inflow {
    private final Runnable announce;
    private ByteBuffer filling;
    private ByteBuffer spare;
    private boolean announced;
    private boolean ended;

    /**
     * @param announce has the loop take what there is; called by the thread that puts, once for all that comes before it is taken
     */
    Inflow(int capacityBytes, Runnable announce) {
        this.announce = announce;
        this.filling = ByteBuffer.allocate(capacityBytes);
        this.spare = ByteBuffer.allocate(capacityBytes);
    }

    /**
     * Puts bytes in, and waits for room as long as there is none.
     *
     * @return whether all were put in: false once it has ended
     */
    synchronized boolean put(byte[] bytes, int count) throws InterruptedException {
        int done = 0;
        while (done < count) {
            while (!ended && !filling.hasRemaining()) {
                wait();
            }
            if (ended) {
                return false;
            }
            int next = Math.min(filling.remaining(), count - done);
            filling.put(bytes, done, next);
            done += next;
            if (!announced) {
                announced = true;
                announce.run();
            }
        }
        return true;
    }

    /** Hands over what there is. Loop only. */
    void takeTo(Consumer<ByteBuffer> receiver) {
        ByteBuffer taken = swap();
        if (taken != null) {
            receiver.accept(taken);
        }
    }

    private synchronized @Nullable ByteBuffer swap() {
        announced = false;
        if (filling.position() == 0) {
            return null;
        }
        ByteBuffer taken = filling.flip();
        filling = spare.clear();
        spare = taken;
        notifyAll();
        return taken;
    }

    /** Nobody takes any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
