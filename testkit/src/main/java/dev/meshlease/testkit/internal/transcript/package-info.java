/** What a node and its clients say to each other, kept for those who judge it: assertions, strict tests, people. Knows nothing of nodes. */
@NullMarked
package dev.meshlease.testkit.internal.transcript;

import org.jspecify.annotations.NullMarked;
