/**
 * The values that leases exchange with a node: packets in, messages out, filters, requests. All immutable; none knows of links,
 * threads or sockets.
 */
@NullMarked
package dev.meshlease.message;

import org.jspecify.annotations.NullMarked;
