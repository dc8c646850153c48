/** Who may give out permits to connect. Knows nothing of what a permit is; exported to the testkit only. */
@NullMarked
package dev.meshlease.internal.permit;

import org.jspecify.annotations.NullMarked;
