/**
 * What the author of a bot or gateway imports: the registry, its links and leases, their status, and what can go wrong.
 */
@NullMarked
package dev.meshlease;

import org.jspecify.annotations.NullMarked;
