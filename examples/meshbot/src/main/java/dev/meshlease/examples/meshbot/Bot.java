package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.Link;
import dev.meshlease.LinkRegistry;
import java.util.List;

/** The whole bot: one registry, four components. */
final class Bot implements AutoCloseable {
    // When a signal ends it, the run is brought to its end in order, and that closes this.
    private final LinkRegistry links =
            LinkRegistry.builder().shutdownHook(false).build();
    private final List<Component> components;
    private final Tally tally;

    /** Starts it. Returns before the link is up. */
    Bot(Endpoint node, Airtime airtime, Journal journal) {
        try {
            components = List.of(
                    new EchoCommand(links, node, airtime, journal),
                    new NodeQueryClient(links, node, airtime, journal),
                    new MessageSender(links, node, airtime, journal),
                    new SystemMonitor(links, node, journal));
            tally = new Tally(components.stream().map(Component::lease).toList(), journal);
            components.forEach(Component::start);
        } catch (RuntimeException refused) {
            links.close();
            throw refused;
        }
    }

    /** Any of the leases: whatever concerns the link, each can tell. */
    Lease lease() {
        return components.get(0).lease();
    }

    Link link() {
        return lease().link();
    }

    List<Component> components() {
        return components;
    }

    /** What its leases were given of the mesh's traffic. */
    Tally tally() {
        return tally;
    }

    @Override
    public void close() {
        components.forEach(Component::close);
        links.close();
    }
}
