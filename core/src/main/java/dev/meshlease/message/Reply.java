package dev.meshlease.message;

/**
 * An answer with the packet that carried it.
 *
 * @param value the answer
 * @param packet how it came
 * @param <R> the type of the answer
 */
public record Reply<R>(R value, InboundPacket packet) {}
