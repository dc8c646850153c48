/** Assertions on simulated nodes and deliveries, in the words of the domain, for AssertJ. Nothing else knows of it. */
@NullMarked
package dev.meshlease.testkit.assertj;

import org.jspecify.annotations.NullMarked;
