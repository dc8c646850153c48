/**
 * Immutable values: outbound messages, inbound packets, filters, requests and node ids. Nothing here knows a link, a thread or a clock.
 */
@NullMarked
package dev.meshlease.message;

import org.jspecify.annotations.NullMarked;
