/** The least that can be done over a socket: what the library and the testkit are measured against. On the loopback interface only. */
@NullMarked
package dev.meshlease.examples.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
