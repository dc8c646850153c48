package dev.meshlease.message;

/**
 * A place in the stream of packets of one link. It outlives generations of the link, not the process.
 *
 * @param link which link, by a number unique in this process
 * @param position how many packets the link had seen up to and including this place
 */
public record Cursor(long link, long position) {}
