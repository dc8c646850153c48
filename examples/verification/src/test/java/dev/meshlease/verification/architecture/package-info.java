/** The arrows of {@code docs/architecture.md}, checked against the compiled main code of all modules. */
@NullMarked
package dev.meshlease.verification.architecture;

import org.jspecify.annotations.NullMarked;
