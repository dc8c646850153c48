/** How people write what the testkit's values say. Knows none of them. */
@NullMarked
package dev.meshlease.testkit.internal.text;

import org.jspecify.annotations.NullMarked;
