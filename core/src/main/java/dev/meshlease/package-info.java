/**
 * What the author of a bot imports: the registry, links, leases, endpoints, options, statuses and exceptions. Nothing here performs I/O
 * or names a transport.
 */
@NullMarked
package dev.meshlease;

import org.jspecify.annotations.NullMarked;
