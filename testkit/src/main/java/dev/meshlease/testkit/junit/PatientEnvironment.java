package dev.meshlease.testkit.junit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.ForwardingEnvironment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The system's, but that what a test drops stays there until the test is judged, whenever garbage is collected. */
final class PatientEnvironment extends ForwardingEnvironment {
    private final Queue<Runnable> dropped = new ConcurrentLinkedQueue<>();

    PatientEnvironment() {
        super(Environment.system());
    }

    @Override
    public void dropped(Runnable giveBack) {
        dropped.add(giveBack);
    }

    /** Has it reported. */
    void giveBackDropped() {
        for (Runnable next = dropped.poll(); next != null; next = dropped.poll()) {
            next.run();
        }
    }
}
