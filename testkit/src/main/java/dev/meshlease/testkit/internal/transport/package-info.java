/** What stands between a registry and a transport. Knows neither. */
@NullMarked
package dev.meshlease.testkit.internal.transport;

import org.jspecify.annotations.NullMarked;
