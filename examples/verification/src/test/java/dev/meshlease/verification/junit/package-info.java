/** The testkit on other versions of JUnit. The samples have to do with what the oldest of them knows, and with JUnit's own assertions. */
@NullMarked
package dev.meshlease.verification.junit;

import org.jspecify.annotations.NullMarked;
