/** The threads that simulated nodes in real time share. They know tasks, timers and channels, and nothing of nodes. */
@NullMarked
package dev.meshlease.testkit.internal.realtime;

import org.jspecify.annotations.NullMarked;
