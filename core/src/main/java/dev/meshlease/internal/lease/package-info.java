/**
 * Leases and what hangs on them: inboxes, subscriptions, callbacks, deliveries, pending values. They reach their link only through
 * {@link dev.meshlease.internal.lease.LeaseHost}.
 */
@NullMarked
package dev.meshlease.internal.lease;

import org.jspecify.annotations.NullMarked;
