/** Simulated nodes on TCP: sockets and the threads that serve them. The only package here with sockets that listen. */
@NullMarked
package dev.meshlease.testkit.internal.tcp;

import org.jspecify.annotations.NullMarked;
