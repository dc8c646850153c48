/** A program small enough to be run from packaged jars in a test, on the class path and on the module path. */
@NullMarked
package dev.meshlease.verification.app;

import org.jspecify.annotations.NullMarked;
