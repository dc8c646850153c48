package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.ForwardingEnvironment;
import dev.meshlease.spi.NameResolver;

/** An environment with a resolver of the test's own. */
final class OwnNames extends ForwardingEnvironment {
    private final NameResolver names;

    OwnNames(Environment rest, NameResolver names) {
        super(rest);
        this.names = names;
    }

    @Override
    public NameResolver names() {
        return names;
    }
}
