/** Clients that are not ours, against the simulated node. They are test peers: nothing of them is a dependency, and nothing is shipped. */
@NullMarked
package dev.meshlease.verification.foreign;

import org.jspecify.annotations.NullMarked;
