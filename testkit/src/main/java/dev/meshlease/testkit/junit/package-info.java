/** Simulated nodes for JUnit Jupiter: an annotation and the extension behind it. Nothing outside this package knows of JUnit. */
@NullMarked
package dev.meshlease.testkit.junit;

import org.jspecify.annotations.NullMarked;
