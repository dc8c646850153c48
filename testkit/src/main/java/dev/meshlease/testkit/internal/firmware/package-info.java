/**
 * The node itself, sans-IO: sessions, queues, radio, mesh, settings. Knows time, chance and connections only by {@link
 * dev.meshlease.testkit.internal.firmware.NodeHost} and {@link dev.meshlease.testkit.internal.firmware.ClientWire}; all of it runs on
 * the node's thread.
 */
@NullMarked
package dev.meshlease.testkit.internal.firmware;

import org.jspecify.annotations.NullMarked;
