package dev.meshlease.testkit;

import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** For tests of holders who listen to what one node hears, in virtual time. */
abstract class OneNode {
    static final NodeId PEER = new NodeId(0x0c0ffee0);
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final VirtualEnvironment time = VirtualEnvironment.create();
    final SimulatedNode node = SimulatedNode.builder().start(time);
    final LinkRegistry links = time.registry();

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    Lease lease(LeaseOptions options) {
        Lease lease = links.acquire(node.endpoint(), options);
        lease.ready().await(PATIENCE);
        return lease;
    }

    Lease lease(String holder) {
        return lease(LeaseOptions.of(holder));
    }

    void says(String... texts) {
        saysFrom(PEER, texts);
    }

    void saysFrom(NodeId peer, String... texts) {
        for (String text : texts) {
            node.peer(peer).says(text);
            time.advance(Duration.ofSeconds(1));
        }
    }

    static LeaseInfo info(Lease lease) {
        return lease.link().leases().stream()
                .filter(each -> each.holder().equals(lease.holder()))
                .findFirst()
                .orElseThrow();
    }
}
