package dev.meshlease.verification.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualTime;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link JUnitVersionsIT} runs it: two tests, of which the one fails that does not say what it expects. */
class StrictSample {
    @Simulated(strict = true)
    SimulatedNode node;

    private void talk(LinkRegistry links, VirtualTime time) {
        try (Lease lease = links.acquire(node.endpoint(), "strict")) {
            lease.ready().await(Duration.ofMinutes(1));
            lease.send(OutboundMessage.text("unexpected"));
            time.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void expects_what_comes(LinkRegistry links, VirtualTime time) {
        talk(links, time);
        assertEquals(1, node.claim(packet -> packet.hasDecoded()));
    }

    @Test
    void expects_nothing(LinkRegistry links, VirtualTime time) {
        talk(links, time);
    }
}
