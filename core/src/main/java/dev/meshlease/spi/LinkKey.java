package dev.meshlease.spi;

import java.util.Objects;

/**
 * The canonical form of an endpoint: two endpoints with the same key are the same physical link.
 *
 * @param scheme the transport's scheme
 * @param address the canonical address in the transport's own form, such as {@code 10.0.0.7:4403}
 */
public record LinkKey(String scheme, String address) implements Comparable<LinkKey> {
    public LinkKey {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(address, "address");
    }

    /** The order in which several keys are claimed, the same everywhere, so that two claimers cannot each hold half. */
    @Override
    public int compareTo(LinkKey other) {
        int byScheme = scheme.compareTo(other.scheme);
        return byScheme != 0 ? byScheme : address.compareTo(other.address);
    }

    /** The key as a person reads it: {@code tcp://10.0.0.7:4403}. */
    @Override
    public String toString() {
        return scheme + "://" + address;
    }
}
