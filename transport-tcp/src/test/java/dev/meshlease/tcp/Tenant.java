package dev.meshlease.tcp;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A user of the library that is loaded with a copy of it; others see only the JDK's types of it. */
public final class Tenant implements UnaryOperator<String>, AutoCloseable {
    static final String READY = "ready";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LinkRegistry links = LinkRegistry.create();
    private final List<Lease> leases = new ArrayList<>();

    /** Has a lease made of the node, and says whether the link was ready, or who has it and why that was refused. */
    @Override
    public String apply(String endpoint) {
        try {
            Lease lease = links.acquire(endpoint, "tenant");
            leases.add(lease); // One that nobody can reach is given back.
            lease.ready().await(PATIENCE);
            return READY;
        } catch (DuplicateLinkException refused) {
            return refused.scope() + " by " + refused.incumbent().pid() + "\n" + refused.getMessage();
        }
    }

    @Override
    public void close() {
        links.close();
    }
}
