package dev.meshlease.testkit.junit;

import dev.meshlease.Endpoint;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.testkit.VirtualEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;

/** Finds out whether somebody answers at an endpoint, by the transport alone. */
final class Connecting {
    private Connecting() {}

    static boolean opens(VirtualEnvironment environment, Endpoint endpoint) {
        var located =
                environment.transport().locate(endpoint.address(), environment).toCompletableFuture();
        environment.settle();
        var target = located.join();
        Loop loop = environment.newLoop("connecting");
        var events = new ArrayList<String>();
        loop.execute(() -> {
            var link = target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), loop, new ByteLinkListener() {
                @Override
                public void opened() {
                    events.add("opened");
                }

                @Override
                public void writable() {}

                @Override
                public void received(ByteBuffer bytes) {}

                @Override
                public void closed(Loss loss) {
                    events.add(loss.kind().name());
                }
            });
            loop.schedule(Duration.ofSeconds(1).toNanos(), link::close);
        });
        environment.advance(Duration.ofSeconds(2));
        return events.contains("opened");
    }
}
