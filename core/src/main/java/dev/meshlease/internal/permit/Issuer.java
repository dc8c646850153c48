package dev.meshlease.internal.permit;

/** Proof of being entitled to issue permits: nobody outside this project can name this type on the module path. */
public enum Issuer {
    /** The registry, which has claimed the keys before. */
    REGISTRY,
    /** The testkit, whose contract tests drive a transport without a registry. */
    TESTKIT
}
