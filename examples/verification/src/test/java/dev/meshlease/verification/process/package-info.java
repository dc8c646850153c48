/** Programs that tests run beside this JVM, and where the build has put them. */
@NullMarked
package dev.meshlease.verification.process;

import org.jspecify.annotations.NullMarked;
