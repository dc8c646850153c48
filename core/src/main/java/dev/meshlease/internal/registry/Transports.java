package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.EndpointException;
import dev.meshlease.spi.Transport;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transports of a registry, by scheme: those it was given, then those found. */
final class Transports {
    private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

    private final Map<String, Transport> byScheme = new TreeMap<>();

    Transports(List<Transport> given) {
        for (Transport transport : given) {
            if (byScheme.putIfAbsent(transport.scheme(), transport) != null) {
                throw new IllegalArgumentException(
                        "Two transports were given for the scheme '" + transport.scheme() + "'");
            }
        }
        // The loader of this class, not the thread's: a registry made on a pool thread must find the same as one made
        // in main.
        for (Transport found : ServiceLoader.load(Transport.class, Transport.class.getClassLoader())) {
            Transport other = byScheme.putIfAbsent(found.scheme(), found);
            if (other != null && !given.contains(other)) {
                LOG.warn("Found two transports for '{}': using {}, not {}", found.scheme(), other, found);
            }
        }
    }

    Transport of(Endpoint endpoint) {
        Transport transport = byScheme.get(endpoint.scheme());
        if (transport == null) {
            throw new EndpointException(
                    endpoint + ": no transport serves '" + endpoint.scheme() + "'. Found: "
                            + (byScheme.isEmpty() ? "none" : String.join(", ", byScheme.keySet()))
                            + ". A transport is found on the class path or the module path (meshlease-transport-tcp brings 'tcp',"
                            + " meshlease-transport-serial 'serial'), or given to the registry's builder.",
                    endpoint,
                    null);
        }
        return transport;
    }

    /** The endpoint in its transport's normal spelling. */
    Endpoint normal(Endpoint endpoint) {
        try {
            return new Endpoint(endpoint.scheme(), of(endpoint).check(endpoint.address()));
        } catch (IllegalArgumentException malformed) {
            throw new EndpointException(endpoint + ": " + malformed.getMessage(), endpoint, malformed);
        }
    }
}
